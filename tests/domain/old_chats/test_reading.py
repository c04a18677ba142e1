"""Exports of every phone are read, and no line is left out."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.old_chats import samples
from werkbote.domain import old_chats
from werkbote.domain.old_chats import reading, text

Kind, Remark, Order = old_chats.Kind, old_chats.Remark, old_chats.Order
_SHARED = Path(__file__).parents[4] / "shared" / "whatsapp" / "chat_exports"


def _lines(content: str | bytes) -> list[old_chats.Line]:
    raw = content if isinstance(content, bytes) else content.encode()
    return list(old_chats.lines(io.BytesIO(raw)))


def _read(content: str | bytes) -> list[old_chats.Entry]:
    lines = _lines(content)
    return list(old_chats.entries(lines, order=old_chats.survey(lines).order))


def _kinds(content: str) -> list[str]:
    return [entry.kind.value for entry in _read(content)]


def _one(words: str, *, sender: str = "Petra: ") -> old_chats.Entry:
    (entry,) = _read(f"13.03.24, 10:15 - {sender}{words}")
    return entry


def test_android_german_every_kind():
    assert _kinds(samples.ANDROID_DE) == [
        "system",
        "text",
        "text",
        "file",
        "omitted",
        "deleted",
        "text",
        "location",
        "unknown",
        "contact",
        "poll",
        "system",
        "unknown",
    ]


def test_android_english_twelve_hours():
    found = _read(samples.ANDROID_EN_US)
    assert [one.kind.value for one in found] == ["system", "text", "file", "omitted"]
    assert [one.at.hour for one in found if one.at] == [10, 10, 12, 0]


def test_ios_german_every_kind():
    assert _kinds(samples.IOS_DE) == [
        "system",
        "text",
        "text",
        "file",
        "omitted",
        "contact",
        "deleted",
        "text",
        "call",
        "location",
        "unknown",
    ]


def test_ios_english_every_kind():
    assert _kinds(samples.IOS_EN_GB) == ["system", "text", "file", "omitted"]


def test_a_message_keeps_its_lines_its_file_and_its_caption():
    found = _read(samples.ANDROID_DE)
    assert found[2].text == "Super, danke!\nzweite Zeile: mit Doppelpunkt\n\nvierte Zeile"
    assert (found[3].file, found[3].text) == (
        "IMG-20240313-WA0001.jpg",
        "So sieht der Kratzer aus",
    )
    assert (found[6].text, found[6].edited) == ("Preis 1.200 €,", True)
    assert found[8].sender == "+49 171 39200 17"


def test_a_caption_on_ios_stands_before_or_after_the_file():
    before = _one("Der Kratzer \u200e<Anhang: 1.jpg>")
    after = _one("\u200e<angehängt: 1.jpg>\nDer Kratzer")
    assert (before.file, before.text) == (after.file, after.text) == ("1.jpg", "Der Kratzer")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Bild weggelassen", Kind.OMITTED),
        ("\u200eSprachnachricht weggelassen", Kind.OMITTED),
        ("\u200eAngebot.pdf • \u200e2 Seiten Dokument weggelassen", Kind.OMITTED),
        ("<Media omitted>", Kind.OMITTED),
        ("voice message omitted", Kind.OMITTED),
        ("Du hast diese Nachricht gelöscht.", Kind.DELETED),
        ("This message was deleted", Kind.DELETED),
        ("You deleted this message.", Kind.DELETED),
        ("Diese Nachricht wurde von Admin Max gelöscht", Kind.DELETED),
        ("<Einmalansicht-Nachricht ausgeschlossen>", Kind.VIEW_ONCE),
        ("\u200eEinmal-Foto weggelassen", Kind.VIEW_ONCE),
        ("<View once message omitted>", Kind.VIEW_ONCE),
        ("Live-Standort wird geteilt", Kind.LOCATION),
        ("live location shared", Kind.LOCATION),
        ("https://maps.google.com/?q=52.5,13.4", Kind.LOCATION),
        ("\u200eContact card omitted", Kind.CONTACT),
        ("Max.vcf (file attached)", Kind.CONTACT),
        ("POLL:\nWhen?\nOPTION: Monday (1 vote)", Kind.POLL),
        ("\u200eUMFRAGE:\nWann?\n\u200eOPTION: Montag (\u200e0 Stimmen)", Kind.POLL),
        ("EREIGNIS:\nProbefahrt", Kind.EVENT),
        ("Verpasster Videoanruf um 10:15", Kind.CALL),
        ("\u200eSprachanruf, \u200e3 Min.", Kind.CALL),
        ("Missed group voice call", Kind.CALL),
        ("\u200eVideo call. \u200eNo answer", Kind.CALL),
        ("<Ganz neue Sache>", Kind.UNKNOWN),
        ("\u200eGanz neue Sache weggeräumt", Kind.UNKNOWN),
        ("null", Kind.UNKNOWN),
        ("Ich wollte nur sagen: das Bild weggelassen habe ich.", Kind.TEXT),
        ("Der Kollege left", Kind.TEXT),
        ("5 < 7 und 8 > 3", Kind.TEXT),
        ("", Kind.TEXT),
        ("\u200f\u202bمرحبا\u202c", Kind.UNKNOWN),
        ("مرحبا, ist der Golf fertig?", Kind.TEXT),
    ],
)
def test_what_is_said_is_known_by_its_phrase(words, kind):
    assert _one(words).kind is kind


@pytest.mark.parametrize(
    "words",
    [
        "Nachrichten, die du in diesem Chat sendest, sowie Anrufe, sind jetzt mit Ende-zu-Ende",
        "Max hat die Gruppe „Kunden“ erstellt",
        "Du hast Petra hinzugefügt",
        "Max hat die Gruppe verlassen",
        "Max left",
        "You created group “Customers”",
        "Max hat das Gruppenbild geändert",
        "Deine Sicherheitsnummer für Petra hat sich geändert. Tippe, um mehr zu erfahren.",
        "Your security code with Jane changed. Tap to learn more.",
        "Max ist jetzt Admin",
        "Petra ist über den Einladungslink beigetreten",
        "Du hast selbstlöschende Nachrichten aktiviert. Neue Nachrichten verschwinden.",
        "You turned on disappearing messages. New messages will disappear.",
        "Du hast diesen Kontakt blockiert. Tippe, um ihn freizugeben.",
        "Dieser Chat ist mit einem Unternehmensaccount. Tippe, um mehr zu erfahren.",
    ],
)
def test_notices_of_whatsapp_have_no_sender(words):
    entry = _one(words, sender="")
    assert (entry.kind, entry.sender, entry.text, entry.remarks) == (Kind.SYSTEM, "", words, ())


def test_a_notice_nobody_knows_is_kept_and_named():
    entry = _one("Mit diesem Chat ist etwas ganz Neues geschehen", sender="")
    assert (entry.kind, entry.remarks) == (Kind.UNKNOWN, (Remark.UNKNOWN_KIND,))
    assert entry.text == "Mit diesem Chat ist etwas ganz Neues geschehen"


@pytest.mark.parametrize(
    ("stamp", "at"),
    [
        ("13.03.24, 10:15 - ", "2024-03-13T10:15:00"),
        ("13.03.2024, 10:15 - ", "2024-03-13T10:15:00"),
        ("13.3.24, 10:15 Uhr - ", "2024-03-13T10:15:00"),
        ("13.03.24 um 10:15 - ", "2024-03-13T10:15:00"),
        ("2024-03-13, 10:15 - ", "2024-03-13T10:15:00"),
        ("13/03/2024, 10:15 pm - ", "2024-03-13T22:15:00"),
        ("3/13/24, 12:05\u202fAM - ", "2024-03-13T00:05:00"),
        ("3/13/24, 12:05 p.m. - ", "2024-03-13T12:05:00"),
        ("13.03.24, 10:15 nachm. - ", "2024-03-13T22:15:00"),
        ("[13.03.24, 10:15:07] ", "2024-03-13T10:15:07"),
        ("\ufeff\u200e[26.03.2025, 10:24:07] ", "2025-03-26T10:24:07"),
        ("[3/13/24, 10:15:07\u202fPM] ", "2024-03-13T22:15:07"),
    ],
)
def test_stamps_of_every_phone_and_setting(stamp, at):
    (entry,) = _read(f"{stamp}Petra: Moin")
    assert entry.at is not None
    assert (entry.at.isoformat(), entry.sender, entry.text) == (at, "Petra", "Moin")


@pytest.mark.parametrize(
    ("dates", "order", "assumed"),
    [
        (["1/2/24", "13/2/24"], Order.DAY, False),
        (["1/2/24", "1/13/24"], Order.MONTH, False),
        (["1/2/24", "1/3/24", "1/4/24", "2/1/24"], Order.MONTH, False),
        (["1/2/24", "2/2/24", "3/2/24", "1/3/24"], Order.DAY, False),
        (["1/2/24"], Order.DAY, True),
        (["1.2.24"], Order.DAY, False),
        (["2024-02-01"], Order.DAY, False),
    ],
)
def test_day_and_month_are_told_apart(dates, order, assumed):
    found = old_chats.survey(_lines("\n".join(f"{one}, 10:15 - Petra: Moin" for one in dates)))
    assert (found.order, found.assumed) == (order, assumed)


def test_the_order_can_be_given_where_dates_do_not_tell():
    lines = _lines("1/2/24, 10:15 - Petra: Moin")
    found = old_chats.survey(lines, order=Order.MONTH)
    assert (found.order, found.assumed) == (Order.MONTH, False)


def test_a_time_that_never_was_is_kept_as_it_stands_and_named():
    found = _read("13.03.24, 10:15 - Petra: Moin\n31.02.24, 10:15 - Petra: Tschüss")
    assert found[1].text == "31.02.24, 10:15 - Petra: Tschüss"
    assert found[1].remarks == (Remark.NO_SUCH_TIME, Remark.UNKNOWN_KIND)


def test_lines_before_the_first_message_are_kept_and_named():
    found = _read("Hallo\nWelt\n13.03.24, 10:15 - Petra: Moin")
    assert (found[0].text, found[0].count, found[0].remarks) == (
        "Hallo\nWelt",
        2,
        (Remark.BEFORE_FIRST,),
    )


def test_other_encodings_are_read_and_named():
    latin = "13.03.24, 10:15 - Petra: Schöne Grüße".encode("cp1252")
    wide = samples.IOS_DE.encode("utf-16")
    assert _read(latin)[0].text == "Schöne Grüße"
    assert _read(latin)[0].remarks == (Remark.FOREIGN_LETTERS,)
    assert _read(wide) == _read(samples.IOS_DE)


def test_a_message_without_end_is_continued_and_counted():
    line = "x" * (text.LONGEST + 10)
    found = _read(f"13.03.24, 10:15 - Petra: {line}\n" + "y\n" * (reading.LONGEST // 2) + "z\n")
    assert sum(entry.count for entry in found) == 2 + reading.LONGEST // 2
    assert Remark.CONTINUED in found[1].remarks
    assert "".join(entry.text for entry in found).count("x") == text.LONGEST + 10


_FRAGMENTS = st.sampled_from(
    [
        "13.03.24, 10:15 - Petra: ",
        "[13.03.24, 10:15:07] ",
        "3/13/24, 10:15\u202fAM - ",
        "99.99.99, 99:99 - ",
        "\u200e",
        "\u202b",
        ": ",
        "<Anhang: ",
        "x.jpg (Datei angehängt)",
        ">",
        "\r",
        "Diese Nachricht wurde gelöscht.",
        "<Diese Nachricht wurde bearbeitet.>",
    ]
)
_LINE = st.lists(st.one_of(_FRAGMENTS, st.text(max_size=8)), max_size=5).map("".join)


@given(st.lists(_LINE.map(lambda line: line.replace("\n", " ")), max_size=30))
def test_every_line_belongs_to_exactly_one_message(lines):
    raw = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
    found = _read(raw)
    next_ = 1
    for entry in found:
        assert entry.first == next_
        next_ += entry.count
    assert next_ == len(raw.split(b"\n"))


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader_and_all_lines_are_counted(raw):
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = b" " + raw
    expected = raw.count(b"\n") + (not raw.endswith(b"\n") and raw != b"")
    assert sum(entry.count for entry in _read(raw)) == expected


_NAME = st.from_regex(r"[A-ZÄÖÜ][a-zäöüß]{1,12}( [A-Z][a-z]{1,9})?", fullmatch=True)
_WORDS = st.from_regex(r"[a-zäöü0-9€,?! ]{1,40}[a-zäöü]", fullmatch=True)


@given(st.lists(st.tuples(_NAME, st.lists(_WORDS, min_size=1, max_size=3)), max_size=20))
def test_what_was_written_is_what_is_read(messages):
    raw = "".join(f"13.03.24, 10:15 - {name}: {chr(10).join(said)}\n" for name, said in messages)
    assert [(one.sender, one.text) for one in _read(raw)] == [
        (name, "\n".join(said)) for name, said in messages
    ]


@pytest.mark.parametrize(
    "name", ["android_de.txt", "android_en_us.txt", "ios_de.txt", "ios_en_gb.txt"]
)
def test_the_shared_samples_leave_nothing_but_the_empty_message_unknown(name):
    path = _SHARED / name
    if not path.exists():
        pytest.skip("The shared samples are not beside this checkout.")
    raw = path.read_bytes()
    found = _read(raw)
    assert sum(entry.count for entry in found) == raw.count(b"\n")
    assert {one.text for one in found if one.kind is Kind.UNKNOWN} <= {"null"}
