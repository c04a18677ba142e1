"""Cells of tables that are handed out: no table program may calculate what somebody wrote."""

_CALCULATED = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: object) -> object:
    """Return a cell that no table program runs as a formula (OWASP, CSV injection)."""
    text = str(value)
    return f"'{text}" if text.startswith(_CALCULATED) else value
