"""What the composer says of a message before it is sent: allowed, refused and why, or unwise."""

import re
import secrets
from datetime import UTC, datetime

import pytest

from tests import dealers, staff
from tests.web.test_outbox import _out, _send
from werkbote.actions import outbox
from werkbote.store import models, scope


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def test_outside_the_window_the_composer_says_what_the_gate_would(cast):
    conversation = staff.wrote(cast.dealer, at=dealers.NOW.replace(year=2025))
    page = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/").content.decode()
    assert 'class="hint"' in page


def _hint(page: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", page.partition('id="hint"')[2].partition("<form")[0])


def test_before_typing_the_composer_says_that_an_answer_may_be_sent_and_why(cast):
    conversation = staff.wrote(cast.dealer, at=datetime.now(UTC))
    page = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/").content.decode()
    assert "Darf gesendet werden. Art. 6 Abs. 1 lit. b, f DSGVO" in " ".join(_hint(page).split())


@pytest.mark.shows("R-64")
def test_another_purpose_is_answered_with_every_obstacle_and_the_way_out(cast):
    conversation = staff.wrote(cast.dealer, at=dealers.NOW.replace(year=2025))
    browser = staff.signed_in(cast.bob)
    part = browser.get(f"/inbox/{conversation}/verdict/?purpose=P-05").content.decode()
    assert "keine Einwilligung für diesen Zweck" in part
    assert f"/inbox/{conversation}/consents/" in part
    assert "24-Stunden-Fenster" in part
    assert f"/inbox/{conversation}/templates/" in part
    unknown = browser.get(f"/inbox/{conversation}/verdict/?purpose=P-99").content.decode()
    assert "nicht verzeichnet" in unknown


@pytest.mark.shows("R-103")
@pytest.mark.parametrize(
    "words",
    [
        "Bitte schicken Sie ein Foto Ihres Ausweises.",
        "Nennen Sie uns bitte Ihre IBAN.",
        "Karte 4111 1111 1111 1111",
    ],
)
def test_what_has_no_place_in_a_chat_is_warned_of_before_it_leaves(cast, words):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(cast.bob)
    part = browser.post(f"/inbox/{conversation}/warning/", {"text": words}).content.decode()
    assert "WhatsApp verbietet" in part
    fields = {"text": words, "purpose": "P-02", "key": secrets.token_urlsafe(18)}
    first = browser.post(f"/inbox/{conversation}/send/", fields, headers={"HX-Request": "true"})
    assert first.status_code == 422
    assert "WhatsApp verbietet" in first.content.decode()
    assert _out(cast) == []
    browser.post(f"/inbox/{conversation}/send/", {**fields, "warned": "yes"})
    assert len(_out(cast)) == 1


def test_ordinary_words_are_not_warned_of(cast):
    conversation = staff.wrote(cast.dealer)
    answer = staff.signed_in(cast.bob).post(
        f"/inbox/{conversation}/warning/", {"text": "Ihr Wagen ist fertig."}
    )
    assert (answer.status_code, answer.content.decode().strip()) == (200, "")


@pytest.mark.shows("S-04")
@pytest.mark.parametrize("who", ["charlie", "dora", "eve"])
def test_others_learn_nothing_from_the_composer(cast, who):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(getattr(cast, who))
    assert browser.get(f"/inbox/{conversation}/verdict/").status_code == 404
    assert browser.post(f"/inbox/{conversation}/warning/", {"text": "IBAN"}).status_code == 404


@pytest.mark.shows("R-64", "R-66", "R-103")
def test_the_chooser_says_what_stands_in_the_way_of_each_template(cast):
    conversation = staff.wrote(cast.dealer)
    texts = {
        "hu": ("P-04", "Ihre HU ist im {{1}} fällig."),
        "ausweis": ("P-02", "Bitte senden Sie ein Foto Ihres Ausweises."),
        "termin": ("", "Ihr Termin steht."),
    }
    with scope.transaction(organisation=cast.dealer.organisation):
        for name, (purpose, text) in texts.items():
            models.Template(
                organisation_id=cast.dealer.organisation,
                account_id=cast.dealer.account_id,
                name=name,
                language="de",
                status="APPROVED",
                category="UTILITY",
                purpose=purpose,
                components=[{"type": "BODY", "text": text}],
            ).save(force_insert=True)
    page = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/templates/").content.decode()
    said = {re.search(r'template-name">(\w+)<', part)[1]: part for part in page.split("<li>")[1:]}
    assert "keine Einwilligung für diesen Zweck" in said["hu"]
    assert "wie man sie abbestellt" in said["hu"]
    assert "fragt nach Ausweis" in said["ausweis"]
    assert "keinen Zweck" in said["termin"]
    assert "Lücken der Vorlage" not in page


def test_before_the_notice_has_left_the_page_says_that_no_voice_note_can_be_first(cast):
    conversation = staff.wrote(cast.dealer, at=datetime.now(UTC))
    browser = staff.signed_in(cast.bob)
    hint = f"/inbox/{conversation}/verdict/?purpose=P-02"
    before = browser.get(hint).content.decode()
    assert "Darf gesendet werden" in before
    assert "Schreiben Sie zuerst ein paar Worte" in before.partition("</template>")[0]
    _send(cast, conversation)
    (message,) = _out(cast)
    outbox.claim(
        organisation=cast.dealer.organisation, number=cast.dealer.number, at=message.due_at
    )
    assert "no-voice" not in browser.get(hint).content.decode()
