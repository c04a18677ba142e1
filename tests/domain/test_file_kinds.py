"""What files are by their bytes, and what is wrong with them."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import file_kinds

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def film(brand: bytes = b"isom") -> bytes:
    return box(b"ftyp", brand + bytes(4)) + box(b"moov", bytes(20)) + box(b"mdat", bytes(50))


def packed(*names: str, body: bytes = b"x") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name in ("[Content_Types].xml", *names):
            made.writestr(name, body)
    return written.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"\xff\xd8\xff\xe0" + bytes(20), "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", ""),
        (b"BM" + bytes(30), "image/bmp"),
        (b"BMW 320d, Baujahr 2019", "text/plain"),
        (box(b"ftyp", b"heic"), "image/heic"),
        (box(b"ftyp", b"mif1"), "image/heic"),
        (film(), "video/mp4"),
        (film(b"mp42"), "video/mp4"),
        (film(b"3gp5"), "video/3gpp"),
        (film(b"M4A "), "audio/mp4"),
        (film(b"qt  "), "video/quicktime"),
        (film(b"evil"), ""),
        (b"OggS\x00\x02" + bytes(22) + b"OpusHead", "audio/ogg"),
        (b"OggS\x00\x02" + bytes(22) + b"\x01vorbis", ""),
        (b"#!AMR\n\x00", "audio/amr"),
        (b"ID3\x04" + bytes(20), "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + bytes(20), "audio/mpeg"),
        (b"\xff\xf1\x50\x80" + bytes(20), "audio/aac"),
        (b"\xff\xff\xff\xff" + bytes(20), ""),
        (b"\x1a\x45\xdf\xa3" + bytes(20), "video/webm"),
        (PDF, "application/pdf"),
        (b" \n" + PDF, ""),
        (packed("word/document.xml"), WORD),
        (
            packed("xl/workbook.xml"),
            WORD.replace("wordprocessingml.document", "spreadsheetml.sheet"),
        ),
        (packed("etwas.txt"), "application/zip"),
        (b"PK\x03\x04kaputt", "application/zip"),
        (OLE + "WordDocument".encode("utf-16-le"), "application/msword"),
        (OLE + "Workbook".encode("utf-16-le"), "application/vnd.ms-excel"),
        (OLE, ""),
        ("Grüße\r\n\tund\n".encode(), "text/plain"),
        ("Grüße".encode("latin-1"), ""),
        (b"Hallo\x00", ""),
        (b"Hallo\x1b[2J", ""),
        (b"", ""),
        (b"<!DOCTYPE html><p>", ""),
        (b"  <svg onload=x>", ""),
        (b"#!/bin/sh\nrm", ""),
        (b"{\\rtf1", ""),
        (b"MZ\x90\x00" + bytes(300), ""),
        (b"\x7fELF" + bytes(300), ""),
    ],
)
def test_files_are_known_by_their_bytes(content, mime):
    assert file_kinds.recognise(content) == mime


F = file_kinds.Flaw


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (PDF, None),
        (PDF + bytes(5000), None),
        (PDF[:-8], F.DAMAGED),
        (PDF + b"MZ" + b"x" * 2000, F.HIDDEN),
        (PDF + packed("a.exe"), F.HIDDEN),
        (film(), None),
        (film()[:-9], F.DAMAGED),
        (box(b"ftyp", b"isom") + box(b"mdat", bytes(9)), F.DAMAGED),
        (film() + b"\xff" * 3000, F.HIDDEN),
        (film() + packed("a.exe"), F.HIDDEN),
        (b"ID3\x04" + bytes(20) + packed("a.exe"), F.HIDDEN),
        (packed("word/document.xml"), None),
        (packed("word/document.xml")[:-30], F.DAMAGED),
        (packed("word/document.xml", "word/vbaProject.bin"), F.MACROS),
    ],
)
def test_flaws(content, flaw):
    assert file_kinds.flaw(content, file_kinds.recognise(content)) is flaw


def test_a_document_that_swells_is_refused(monkeypatch):
    monkeypatch.setattr(file_kinds, "_MOST_UNPACKED", 1_000_000)
    swollen = packed("word/document.xml", body=bytes(600_000))
    assert len(swollen) < 5_000
    assert file_kinds.flaw(swollen, WORD) is F.SWELLING


@given(
    st.sampled_from([PDF, film(), packed("word/document.xml"), OLE, b"OggS" + bytes(60)]),
    st.integers(0, 400),
    st.binary(max_size=30),
)
def test_no_broken_file_ends_in_anything_but_an_answer(whole, place, noise):
    broken = whole[:place] + noise + whole[place + len(noise) :]
    mime = file_kinds.recognise(broken)
    assert mime == file_kinds.recognise(broken)
    assert file_kinds.flaw(broken, mime) in {None, *F}
