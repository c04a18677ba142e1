"""The customers' phones on the screen."""
