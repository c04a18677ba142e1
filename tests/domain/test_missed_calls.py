"""Texts for missed calls: each leads to the page with the notice, and an address that is said is a plain one."""

from datetime import date

import pytest

from werkbote.domain import law, missed_calls
from werkbote.store import rechtsstand

LINK = "https://werkbote.example/w/4fk2"
DOCUMENT = rechtsstand.shipped("missed_calls", day=date(2026, 11, 26))


def _texts(language: str, **changes: str) -> missed_calls.Texts:
    given = {"company": "Autohaus Muster & Söhne GmbH", "link": LINK, "spoken": "muster.example/wa"}
    return missed_calls.texts(DOCUMENT, language=language, **{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_text_leads_to_the_notice_and_none_past_it(language: str) -> None:
    found = _texts(language)
    assert "muster.example/wa" in found.announcement
    for text in (found.sms, found.card, found.website):
        assert LINK in text
    for text in (found.announcement, found.sms, found.card, found.website):
        assert "wa.me" not in text
    for text in (found.announcement, found.sms, found.card):
        assert "Autohaus Muster & Söhne GmbH" in text


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_text_message_needs_no_second_alphabet_and_two_parts_at_most(language: str) -> None:
    text = _texts(language, link="https://werkbote.autohaus-muster.example/w/abcdefghijklm").sms
    plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;/?!&-äöüÄÖÜß"
    assert set(text) <= set(plain)
    assert len(text) <= 2 * 153


def test_the_link_for_the_website_is_markup_in_which_nothing_slips_through() -> None:
    found = _texts("de", link='https://a.example/"><script>')
    assert "<script>" not in found.website


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "werkbote.example/w/4fk2"),
        ("  ", "werkbote.example/w/4fk2"),
        ("autohaus-müller.example/whatsapp", "autohaus-müller.example/whatsapp"),
        ("https://www.muster.example/whatsapp/", "muster.example/whatsapp"),
    ],
)
def test_the_address_that_is_said(given: str, said: str) -> None:
    assert missed_calls.spoken(given=given, link=LINK) == said


@pytest.mark.parametrize(
    "given",
    [
        "whatsapp",
        "muster.example/?to=wa.me",
        "javascript:alert(1)",
        "muster.example/a b",
        "muster.example/{link}",
        "<b>muster.example</b>",
        "muster.example\nRufen Sie 0900 an",
        "a." + "b" * missed_calls.LONGEST,
        "\x00",
    ],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(missed_calls.UnableToSay):
        missed_calls.spoken(given=given, link=LINK)


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("announcement", None),
        ("announcement", {"de": "{nobody}"}),
        ("sms", {"en": "only"}),
        ("card", {"de": "{link"}),
        ("card", {"de": "{}"}),
        ("website", {}),
    ],
)
def test_a_broken_file_is_named(name: str, broken: object) -> None:
    with pytest.raises(law.UnableToReadLaw, match="missed_calls"):
        missed_calls.texts(
            {**DOCUMENT, name: broken}, company="", link=LINK, spoken="", language="de"
        )
