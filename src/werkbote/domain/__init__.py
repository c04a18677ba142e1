"""The law and the arithmetic: pure functions and frozen dataclasses; no Django, no clock, no I/O."""
