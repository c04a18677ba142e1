"""Every word of the screens has its German one, and the catalogue knows every word."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import polib
import pytest

SOURCE = Path(__file__).parents[2] / "src" / "werkbote"
CATALOGUE = SOURCE / "locale" / "de" / "LC_MESSAGES" / "django.po"
_HOLES = re.compile(r"%\(\w+\)s|\{\w+\}")
_SPOKEN = re.compile(
    r"""(?:\bgettext(?:_lazy)?|\b_)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)"""
    r"""|pgettext_lazy\(\s*"[^"]*",\s*("(?:[^"\\]|\\.)*")\)""",
)
_SHOWN = re.compile(r"""\{%\s*trans\s+(?:"([^"]*)"|'([^']*)')""")


def _known() -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete}


def _in_python() -> set[str]:
    found = set()
    for path in (SOURCE / "web").rglob("*.py"):
        for groups in _SPOKEN.findall(path.read_text()):
            pieces = re.findall(r'"((?:[^"\\]|\\.)*)"', groups[0] or groups[1])
            found.add("".join(pieces))
    return found


def _in_templates() -> set[str]:
    found = set()
    for path in (SOURCE / "web" / "templates").rglob("*.html"):
        found |= {one or other for one, other in _SHOWN.findall(path.read_text())}
    return found


def test_no_sentence_is_translated_twice():
    said = Counter((entry.msgctxt, entry.msgid) for entry in polib.pofile(str(CATALOGUE)))
    assert [sentence for sentence, times in said.items() if times > 1] == []


def test_every_entry_has_a_german_translation():
    missing = [
        entry.msgid
        for entry in _known().values()
        if entry.fuzzy or not (entry.msgstr or all(entry.msgstr_plural.values()))
    ]
    assert missing == []


def test_every_entry_keeps_its_placeholders():
    broken = [
        entry.msgid
        for entry in _known().values()
        if not entry.msgid_plural
        and sorted(_HOLES.findall(entry.msgid)) != sorted(_HOLES.findall(entry.msgstr))
    ]
    assert broken == []


@pytest.mark.parametrize("words", [_in_python, _in_templates])
def test_every_word_is_in_the_catalogue(words):
    found = words()
    assert len(found) > 30
    assert sorted(found - _known().keys()) == []


def test_templates_have_no_words_outside_of_translation():
    told = subprocess.run(
        [
            "grep",
            "-rnE",
            r">[ ]*[A-ZÄÖÜ][a-zäöüß]+ [a-zäöüß]+[^<{]*<",
            SOURCE / "web" / "templates",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout == ""
