"""The one line of migrations of the one app."""
