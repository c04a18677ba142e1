"""Files a member sends: known by their bytes, pictures without hidden data."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from werkbote.domain import events
from werkbote.web import attachments


def _picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (60, 40), **more) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, 120 if mode == "L" else None).save(made, kind, **more)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_every_picture_becomes_one_whatsapp_takes(kind):
    prepared = attachments.prepare(content=_picture(kind), filename="bild.xyz")
    assert prepared.kind is events.Kind.IMAGE
    assert prepared.attachment.mime in {"image/jpeg", "image/png"}


@pytest.mark.shows("R-04", "S-12")
def test_place_and_device_are_gone_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Kamera"
    exif.get_ifd(0x8825)[1] = "N"
    prepared = attachments.prepare(content=_picture("JPEG", exif=exif), filename="a.jpg")
    shown = Image.open(io.BytesIO(prepared.attachment.content))
    assert (dict(shown.getexif()), shown.size) == ({}, (40, 60))


def test_what_is_transparent_stays_so():
    prepared = attachments.prepare(content=_picture("PNG", "RGBA"), filename="a.png")
    assert (prepared.attachment.mime, prepared.attachment.filename) == ("image/png", "a.png")


def test_a_pdf_is_a_document_whatever_its_name():
    prepared = attachments.prepare(content=b"%PDF-1.7\n%%EOF", filename="bild.jpg")
    assert (prepared.kind, prepared.attachment.mime) == (
        events.Kind.DOCUMENT,
        "application/pdf",
    )


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "leer.txt"),
        (b"MZ\x90\x00" + bytes(300), "rechnung.pdf"),
        (b"\x7fELF" + bytes(300), "foto.jpg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "kaputt.png"),
    ],
)
def test_what_cannot_be_sent_is_refused(content, name):
    with pytest.raises(attachments.UnableToAttach):
        attachments.prepare(content=content, filename=name)


@given(
    st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP"]),
    st.integers(0, 900),
    st.binary(min_size=1, max_size=40),
    st.booleans(),
)
def test_a_damaged_picture_is_made_anew_or_refused(kind, place, noise, cut):
    whole = _picture(kind, size=(30, 30))
    broken = whole[:place] + noise + (b"" if cut else whole[place + len(noise) :])
    try:
        made = attachments.prepare(content=broken, filename="bild")
    except attachments.UnableToAttach:
        return
    if made.kind is events.Kind.IMAGE:
        with Image.open(io.BytesIO(made.attachment.content)) as shown:
            shown.load()


def test_nothing_of_a_second_nature_survives_in_a_picture():
    both = _picture("GIF") + b"PK\x03\x04<script>x</script>"
    prepared = attachments.prepare(content=both, filename="a.gif")
    assert b"script" not in prepared.attachment.content


def test_a_video_that_is_too_large_is_refused_with_both_sizes():
    content = b"\x00\x00\x00\x18ftypmp42" + bytes(17 * 1024 * 1024)
    with pytest.raises(attachments.UnableToAttach, match="16"):
        attachments.prepare(content=content, filename="film.mp4")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\Brief.txt", "Brief.txt"),
        ("\x00<a>.txt", "_a_.txt"),
        ("x" * 300 + ".txt", "x" * 116 + ".txt"),
        ("   ", "datei"),
    ],
)
def test_names_are_tidied(given, kept):
    found = attachments.prepare(content=b"Hallo", filename=given).attachment.filename
    assert found == kept
