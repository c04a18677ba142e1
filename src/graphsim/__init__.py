"""A Meta Graph API on loopback with phones on the screen; meets the product over HTTP only."""
