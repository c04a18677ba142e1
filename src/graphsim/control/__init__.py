"""The control API under /sim/."""
