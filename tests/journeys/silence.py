"""What no log may hold: names, numbers and texts of the people of a demonstration."""

import re
from pathlib import Path

_GREETING_ENDS = "Ctrl-C"
_PEOPLE = ("Petra", "Jonas", "Samira", "Muster", "Probe", "Anna Beispiel")
_NUMBERS = ("15228817386", "15228895456", "1713920017", "3023125100")
_TEXTS = ("Golf", "Moin", "Winterreifen", "Reifenwechsel", "Rückruf", "vertippt", "Ja, ab 16")


def check(log: Path) -> None:
    """Fail when a log names anybody; the greeting, which tells the operator the login, is no log."""
    said = log.read_text(errors="replace")
    said = said.partition(_GREETING_ENDS)[2] if _GREETING_ENDS in said else said
    plain = re.sub(r"[\s()/-]", "", said)
    told = [word for word in (*_PEOPLE, *_TEXTS) if word in said]
    told += [number for number in _NUMBERS if number in plain]
    assert told == [], f"{log.name} tells of {told}"
