"""Who is at the other end of a line, and what of a file on connections is refused."""

from copy import deepcopy
from typing import Any

import pytest

from werkbote.domain import duties

WORDS = {"de": "w", "en": "w"}
LINE = {
    "code": "push",
    "rooms": ["a.b"],
    "variables": [],
    "whose": "recipient",
    "role": "processor",
    "protocol": "HTTPS",
    **dict.fromkeys(("title", "encryption", "purpose", "data", "agreement", "switch"), WORDS),
}
FILE: dict[str, Any] = {
    "source": "ASVS 13.1.1",
    "lines": [LINE, LINE | {"code": "whatsapp"}, LINE | {"code": "mail"}],
    "recipients": [
        {
            "code": "meta",
            "line": "whatsapp",
            "hosts": [],
            "name": "M",
            "country": "IE",
            "onward": "US",
        },
        {
            "code": "apple",
            "line": "push",
            "hosts": ["push.apple.com"],
            "name": "A",
            "country": "US",
            "onward": "",
        },
    ],
}


@pytest.mark.parametrize(
    ("line", "host", "expected"),
    [
        ("whatsapp", "graph.facebook.com", "meta"),
        ("whatsapp", "", "meta"),
        ("push", "push.apple.com", "apple"),
        ("push", "web.PUSH.apple.com", "apple"),
        ("push", "evilpush.apple.com.example", "push"),
        ("push", "notpush.apple.com", "push"),
        ("mail", "SMTP.example.de", "mail:smtp.example.de"),
        ("callbacks", "dms.example", "callbacks:dms.example"),
        ("backup", "s3.example", "backup"),
    ],
)
def test_recipient_is_who_is_at_the_other_end(line: str, host: str, expected: str) -> None:
    known = duties.outside.parse(FILE).known
    assert duties.outside.recipient_of(line, host, known=known) == expected


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [
        *(("lines", key, None) for key in LINE),
        ("lines", "whose", "nobody"),
        ("lines", "role", "friend"),
        ("lines", "title", {"de": "w"}),
        ("lines", "title", "w"),
        ("lines", "code", "mail"),
        *(("recipients", key, None) for key in ("code", "line", "hosts", "name", "country")),
        ("recipients", "line", "telex"),
    ],
)
def test_malformed_file_is_refused(place: str, key: str, value: object) -> None:
    broken = deepcopy(FILE)
    broken[place][0].pop(key)
    if value is not None:
        broken[place][0][key] = value
    with pytest.raises(duties.outside.UnableToReadLines, match="correct it"):
        duties.outside.parse(broken)


@pytest.mark.parametrize("broken", [{}, FILE | {"lines": []}, FILE | {"lines": None}])
def test_file_without_lines_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(duties.outside.UnableToReadLines, match="correct it"):
        duties.outside.parse(broken)
