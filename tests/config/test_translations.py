"""Tests of compiling translations: what gettext reads afterwards, and that nothing is done twice."""

import gettext
import os
from pathlib import Path

import pytest

from werkbote.config import translations

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Save"
msgstr "Speichern — ja"

msgctxt "verb"
msgid "Open"
msgstr "Öffnen"

msgid "%(n)s message"
msgid_plural "%(n)s messages"
msgstr[0] "%(n)s Nachricht"
msgstr[1] "%(n)s Nachrichten"

#, fuzzy
msgid "Guess"
msgstr "Geraten"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO)
    return path


def test_compiled_file_is_what_gettext_reads(source: Path, tmp_path: Path) -> None:
    (target,) = translations.compile_all(tmp_path)
    with target.open("rb") as file:
        read = gettext.GNUTranslations(file)

    assert read.gettext("Save") == "Speichern — ja"
    assert read.pgettext("verb", "Open") == "Öffnen"
    assert read.ngettext("%(n)s message", "%(n)s messages", 2) == "%(n)s Nachrichten"
    assert read.gettext("Guess") == "Guess"
    assert target == source.with_suffix(".mo")


def test_current_file_is_left(source: Path, tmp_path: Path) -> None:
    (target,) = translations.compile_all(tmp_path)

    assert translations.compile_all(tmp_path) == []
    os.utime(source, ns=(0, target.stat().st_mtime_ns + 1))
    assert translations.compile_all(tmp_path) == [target]
