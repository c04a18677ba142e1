"""The composer: words, files, templates; once for every key; taken back, or decided."""

import io
import re
import secrets
from datetime import UTC, datetime

import pytest
from django.conf import settings
from PIL import Image

from tests import dealers, hostile, scannerserver, staff
from tests.domain import test_voice_notes as recordings
from werkbote.actions import outbox
from werkbote.domain import voice_notes
from werkbote.store import models, scope


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _send(cast, conversation, **more):
    fields = {"text": "Gern!", "purpose": "P-02", "key": secrets.token_urlsafe(18), **more}
    return staff.signed_in(cast.bob).post(
        f"/inbox/{conversation}/send/", fields, headers={"HX-Request": "true"}
    )


def _out(cast) -> list[models.Message]:
    with scope.looking(organisation=cast.dealer.organisation):
        return list(models.Message.objects.filter(outgoing=True).select_related("media"))


def test_words_are_queued_for_the_gate(cast):
    conversation = staff.wrote(cast.dealer)
    answer = _send(cast, conversation)
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "thread-changed")
    (message,) = _out(cast)
    assert (message.state, message.purpose, message.author_id) == ("queued", "P-02", cast.bob)


def test_the_same_key_sends_once(cast):
    conversation = staff.wrote(cast.dealer)
    key = secrets.token_urlsafe(18)
    for _ in range(2):
        assert _send(cast, conversation, key=key).status_code == 200
    assert len(_out(cast)) == 1


@pytest.mark.parametrize("size", [1_000, 3_000_000, 9_000_000])
def test_a_document_arrives_whole_whatever_its_size(cast, size):
    conversation = staff.wrote(cast.dealer)
    document = io.BytesIO(b"%PDF-1.7\n" + b"x" * size + b"\n%%EOF")
    document.name = "Angebot.pdf"
    assert _send(cast, conversation, file=document).status_code == 200
    (message,) = _out(cast)
    assert (message.kind, message.media.size) == ("document", size + 15)


def _paper(content: bytes = b"%PDF-1.7\n%%EOF", name: str = "Angebot.pdf") -> io.BytesIO:
    made = io.BytesIO(content)
    made.name = name
    return made


def test_a_photo_of_the_camera_is_a_file_like_any_other(cast):
    conversation = staff.wrote(cast.dealer)
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "JPEG")
    made.seek(0)
    made.name = "image.jpg"
    assert _send(cast, conversation, photo=made).status_code == 200
    assert [one.kind for one in _out(cast)] == ["image"]


def test_two_files_at_once_are_refused_with_the_way_out(cast):
    conversation = staff.wrote(cast.dealer)
    answer = _send(cast, conversation, file=_paper(), photo=_paper())
    assert answer.status_code == 422
    assert "Eine Datei je Nachricht" in answer.content.decode()
    assert _out(cast) == []


@pytest.mark.shows("S-14")
@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "leer.pdf", "leer"),
        (b"MZ" + bytes(300), "rechnung.pdf", "Dateien dieser Art"),
        (b"%PDF-1.7\nabgeschnitten", "a.pdf", "beschädigt oder abgeschnitten"),
        (b"%PDF-1.7\n%%EOF" + b"x" * 3000, "a.pdf", "zweite Datei"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "a.png", "beschädigt"),
        (hostile.bomb(), "a.png", "zu groß"),
        (hostile.FILES["heic"][1], "IMG_1.HEIC", "HEIC"),
        (hostile.FILES["vector"][1], "logo.svg", "Dateien dieser Art"),
        (b"\x1aE\xdf\xa3" + bytes(99), "a.webm", "WebM"),
    ],
)
def test_a_file_that_cannot_be_sent_says_why_and_the_words_stay(cast, content, name, sentence):
    conversation = staff.wrote(cast.dealer)
    answer = _send(
        cast, conversation, text="Ihr Angebot", purpose="P-07", file=_paper(content, name)
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Ihr Angebot</textarea>" in page
    assert '<option value="P-07" selected>' in page
    assert "data-held" not in page
    assert _out(cast) == []


def test_a_question_about_the_words_lets_the_page_keep_the_file(cast):
    conversation = staff.wrote(cast.dealer)
    answer = _send(cast, conversation, text="Hallo {Name}", file=_paper())
    assert answer.status_code == 422
    assert "data-held" in answer.content.decode()


def test_without_scripts_a_sentence_asks_for_the_file_again(cast):
    conversation = staff.wrote(cast.dealer)
    fields = {"text": "Hallo {Name}", "purpose": "P-02", "key": secrets.token_urlsafe(18)}
    answer = staff.signed_in(cast.bob).post(
        f"/inbox/{conversation}/send/", {**fields, "file": _paper()}
    )
    assert answer.status_code == 422
    assert "Hängen Sie die Datei noch einmal an" in answer.content.decode()


def test_a_file_the_scanner_objects_to_is_not_sent(cast, monkeypatch):
    conversation = staff.wrote(cast.dealer)
    evil = b"%PDF-1.7\n" + scannerserver.EVIL + b"\n%%EOF"
    with scannerserver.serving() as peer:
        monkeypatch.setattr(settings, "WERKBOTE_CLAMAV", peer.address)
        found = _send(cast, conversation, text="Hier", file=_paper(evil)).content.decode()
    silent = _send(cast, conversation, text="Hier", file=_paper()).content.decode()
    assert "Virenscanner hat in der Datei etwas gefunden" in found
    assert "Virenscanner antwortet nicht" in silent
    assert "Hier</textarea>" in silent
    assert _out(cast) == []


def _voice(cast, conversation, content, **more):
    fields = {"purpose": "P-02", "key": secrets.token_urlsafe(18), **more}
    return staff.signed_in(cast.bob).post(
        f"/inbox/{conversation}/voice/",
        {**fields, "voice": _paper(content, "voice")},
        headers={"HX-Request": "true"},
    )


def test_a_recording_becomes_a_voice_note_once_and_the_words_stay(cast):
    conversation = staff.wrote(cast.dealer)
    key = secrets.token_urlsafe(18)
    begun = {"text": "Noch nicht fertig", "key": secrets.token_urlsafe(18)}
    staff.signed_in(cast.bob).post(f"/inbox/{conversation}/draft/", begun)
    recording = recordings.webm(recordings.block(recordings.FRAME))
    for _ in range(2):
        assert _voice(cast, conversation, recording, key=key).status_code == 204
    (message,) = _out(cast)
    assert (message.kind, message.media.mime) == ("voice", "audio/ogg")
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.MessageDraft.objects.count() == 1


def test_a_recording_that_is_ogg_already_is_taken_as_it_is(cast):
    conversation = staff.wrote(cast.dealer)
    ogg = voice_notes.remux(recordings.webm(recordings.block(recordings.FRAME)))
    assert _voice(cast, conversation, ogg).status_code == 204
    assert [(one.kind, one.media.size) for one in _out(cast)] == [("voice", len(ogg))]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "beschädigt oder leer"),
        (b"%PDF-1.7", "beschädigt oder leer"),
        (recordings.webm(), "beschädigt oder leer"),
        (b"OggS" + bytes(24) + b"OpusHead", "beschädigt oder leer"),
        (
            recordings.webm(tracks=recordings.track(opus=recordings.head(channels=2))),
            "Stereo",
        ),
    ],
)
def test_a_broken_recording_says_why(cast, content, sentence):
    conversation = staff.wrote(cast.dealer)
    answer = _voice(cast, conversation, content)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert _out(cast) == []


def test_words_beside_a_sound_go_as_a_message_of_their_own(cast):
    conversation = staff.wrote(cast.dealer)
    key = secrets.token_urlsafe(18)
    for _ in range(2):
        sound = _paper(b"#!AMR\n" + bytes(50), "a.amr")
        assert _send(cast, conversation, text="Hören Sie", key=key, file=sound).status_code == 200
    assert [one.kind for one in _out(cast)] == ["text", "audio"]


def test_only_the_inbox_may_use_the_microphone(cast):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(cast.bob)
    allowed = {
        path: browser.get(path)["Permissions-Policy"].partition("microphone=")[2]
        for path in ("/inbox/", f"/inbox/{conversation}/", "/search/", "/login/")
    }
    assert list(allowed.values()) == ["(self)", "(self)", "()", "()"]


@pytest.mark.parametrize("fields", [{"text": "  "}, {"text": "x" * 4097}, {"key": "kurz"}])
def test_what_cannot_be_sent_stays_in_the_composer(cast, fields):
    conversation = staff.wrote(cast.dealer)
    answer = _send(cast, conversation, **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert _out(cast) == []


def test_a_photo_is_made_anew_without_its_hidden_data(cast):
    conversation = staff.wrote(cast.dealer)
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kamera mit Ort"
    Image.new("RGB", (40, 30), "red").save(made, "JPEG", exif=exif)
    made.seek(0)
    made.name = "IMG_1.jpg"
    assert _send(cast, conversation, text="So", file=made).status_code == 200
    (message,) = _out(cast)
    assert (message.kind, message.media.mime, message.media.state) == (
        "image",
        "image/jpeg",
        "stored",
    )


def test_a_program_is_not_sent_whatever_it_is_called(cast):
    conversation = staff.wrote(cast.dealer)
    program = io.BytesIO(b"MZ\x90\x00" + bytes(200))
    program.name = "rechnung.pdf"
    answer = _send(cast, conversation, file=program)
    assert answer.status_code == 422
    assert "nimmt Dateien dieser Art nicht an" in answer.content.decode()
    assert _out(cast) == []


def test_without_scripts_a_form_leads_back_to_its_conversation(cast):
    conversation = staff.wrote(cast.dealer)
    fields = {"text": "Gern!", "purpose": "P-02", "key": secrets.token_urlsafe(18)}
    answer = staff.signed_in(cast.bob).post(f"/inbox/{conversation}/send/", fields)
    assert answer["Location"] == f"/inbox/{conversation}/"
    wrong = staff.signed_in(cast.bob).post(f"/inbox/{conversation}/send/", {**fields, "text": ""})
    assert "Bitte schreiben Sie etwas" in wrong.content.decode()


def _template(cast) -> int:
    with scope.transaction(organisation=cast.dealer.organisation):
        row = models.Template(
            organisation_id=cast.dealer.organisation,
            account_id=cast.dealer.account_id,
            name="termin",
            language="de",
            status="APPROVED",
            purpose="P-02",
            components=[{"type": "BODY", "text": "Hallo {{1}}, bis {{2}}."}],
        )
        row.save(force_insert=True)
    return row.id


def test_a_template_is_chosen_filled_and_shown_in_its_words(cast):
    conversation, template = staff.wrote(cast.dealer), _template(cast)
    browser = staff.signed_in(cast.bob)
    assert "Hallo {{1}}" in browser.get(f"/inbox/{conversation}/templates/").content.decode()
    fields = {"key": secrets.token_urlsafe(18), "place_1": "Petra", "place_2": "Montag"}
    browser.post(f"/inbox/{conversation}/templates/{template}/", fields)
    page = browser.get(f"/inbox/{conversation}/").content.decode()
    assert "Hallo Petra, bis Montag." in page
    assert [message.kind for message in _out(cast)] == ["template"]


def test_a_template_is_not_sent_with_empty_places(cast):
    conversation, template = staff.wrote(cast.dealer), _template(cast)
    fields = {"key": secrets.token_urlsafe(18), "place_1": "Petra", "place_2": ""}
    answer = staff.signed_in(cast.bob).post(f"/inbox/{conversation}/templates/{template}/", fields)
    assert answer.status_code == 422
    assert _out(cast) == []


def test_a_queued_message_can_be_taken_back(cast):
    conversation = staff.wrote(cast.dealer)
    _send(cast, conversation)
    (message,) = _out(cast)
    staff.signed_in(cast.bob).post(f"/messages/{message.id}/cancel/")
    assert [one.state for one in _out(cast)] == ["cancelled"]


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
