"""Duties of the controller: what leaves the house, and the papers about it."""
