"""The composer: words, files, templates; once for every key; taken back, or decided."""

import asyncio
import io
import secrets
import tempfile
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from PIL import Image

from tests import hostile, scannerserver, staff
from tests.domain import test_voice_notes as recordings
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


@pytest.mark.shows("S-32")
def test_the_longest_recording_touches_no_disk_before_it_is_sealed(cast, monkeypatch):
    conversation = staff.wrote(cast.dealer)
    frame = b"\xf8" + bytes(79)
    recording = recordings.webm(*[recordings.block(frame)] * 30_000)
    assert len(recording) > 2_500_000

    def refused(*_args: object, **_named: object) -> None:
        raise AssertionError("A file was made on disk.")

    monkeypatch.setattr(tempfile, "_mkstemp_inner", refused)
    assert _voice(cast, conversation, recording).status_code == 204
    assert [one.kind for one in _out(cast)] == ["voice"]
    with asyncio.run(_spooled(recording)) as spooled:
        assert not spooled._rolled


async def _spooled(body: bytes) -> Any:
    """The body of a request as the server's handler takes it."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return await ASGIHandler().read_body(receive)


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
