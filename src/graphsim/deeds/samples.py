"""The sample files a customer's phone holds: a picture, a voice note, a paper, made in code."""

import base64
import functools
import math
import struct
import zlib
from dataclasses import dataclass

_WIDTH, _HEIGHT = 240, 160
_RATE = 48_000
_PRESKIP = 312
_FRAMES = 100
_FRAME_SAMPLES = 960
_SILENCE = b"\xf8\xff\xfe"  # one Opus frame of 20 ms, mono


@dataclass(frozen=True, slots=True)
class Sample:
    """A file to send without choosing one."""

    data: bytes
    mime_type: str
    filename: str | None


@functools.cache
def sample(kind: str) -> Sample:
    """The sample of a kind of message; a picture for kinds without one."""
    if kind in ("audio", "voice"):
        return Sample(_voice(), "audio/ogg; codecs=opus", None)
    if kind == "document":
        return Sample(_paper(), "application/pdf", "Kostenvoranschlag.pdf")
    if kind == "sticker":
        return Sample(base64.b64decode(_WEBP), "image/webp", None)
    if kind == "video":
        return Sample(_clip(), "video/mp4", None)
    return Sample(_picture(), "image/png", None)


def _picture() -> bytes:
    """A small landscape with a car, drawn pixel by pixel."""
    rows = b"".join(
        b"\0" + b"".join(bytes(_colour(x, y)) for x in range(_WIDTH)) for y in range(_HEIGHT)
    )
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _colour(x: int, y: int) -> tuple[int, int, int]:
    for centre in (80, 160):
        distance = math.hypot(x - centre, y - 118)
        if distance < 14:  # noqa: PLR2004 -- a wheel
            return (40, 44, 52) if distance > 6 else (180, 184, 190)  # noqa: PLR2004
    if 88 <= y < 118 and 50 <= x < 190:  # noqa: PLR2004 -- the body
        return (198, 40, 40)
    if 62 <= y < 88 and 78 + (88 - y) // 2 <= x < 164 - (88 - y) // 2:  # noqa: PLR2004 -- the cabin
        return (150, 200, 230) if 66 < y < 86 else (198, 40, 40)  # noqa: PLR2004
    if y >= 118:  # noqa: PLR2004 -- the road
        return (96, 104, 112) if y < 136 else (110, 150, 90)  # noqa: PLR2004
    return (170 + y // 3, 205 + y // 4, 235)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _voice() -> bytes:
    """A voice note of two silent seconds: Ogg with Opus, mono (RFC 7845)."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, _PRESKIP, _RATE, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 8) + b"graphsim" + struct.pack("<I", 0)
    frames = [_SILENCE] * _FRAMES
    pages = (
        _page([head], sequence=0, flags=2, granule=0),
        _page([tags], sequence=1, flags=0, granule=0),
        _page(frames, sequence=2, flags=4, granule=_PRESKIP + _FRAMES * _FRAME_SAMPLES),
    )
    return b"".join(pages)


def _page(packets: list[bytes], *, sequence: int, flags: int, granule: int) -> bytes:
    """One Ogg page (RFC 3533) of packets below 255 bytes each."""
    table = bytes(len(packet) for packet in packets)
    head = b"OggS" + struct.pack("<BBqIIIB", 0, flags, granule, 1, sequence, 0, len(table))
    page = head + table + b"".join(packets)
    return page[:22] + struct.pack("<I", _ogg_sum(page)) + page[26:]


def _ogg_sum(page: bytes) -> int:
    found = 0
    for byte in page:
        found ^= byte << 24
        for _ in range(8):
            found = ((found << 1) ^ 0x04C11DB7 if found & 0x80000000 else found << 1) & 0xFFFFFFFF
    return found


def _paper() -> bytes:
    """A PDF of one page."""
    text = b"BT /F1 18 Tf 60 760 Td (Kostenvoranschlag) Tj 0 -30 Td (Muster) Tj ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Font<</F1 5 0 R>>>>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for index, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (index, part)
    start = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size 7/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def _clip() -> bytes:
    """The opening boxes of an MP4 file: enough to be recognised, nothing to be played."""
    kind = b"ftypisom\0\0\2\0isomiso2mp41"
    free = b"free" + b"\0" * 1_000
    return b"".join(struct.pack(">I", len(box) + 4) + box for box in (kind, free))


# A smiling face of 128 x 128 pixels, drawn for this file.
_WEBP = (
    "UklGRq4DAABXRUJQVlA4TKEDAAAvf8AfECJJte1GtkMnw/xxWHRIQiNUAiWkUrafrySnb2poAAVQxDw2hrdWLYmKEAiD"
    "mQZIegE/J5cRrGMS8xjHKWkjCc6uhw8tPHb04CmOJANa/EUoOXFeAzEA0LYNo0gI4a2CpDxw/tWFr5Ic2d+LWP5C9pyv"
    "walwzuk+EvhcnTh9iCfhq4lvHEpsN53XGBp72+XjDJ92+XxHxJd/CowI3ZkNhVyYdZvG3YWHaf0CCC7ZjhvCqBTThZbq"
    "/qAiJbrxstTUoObFl+CStK0ScUGUNvVuI5kbv8Ro982AakJczmYvHiU7FGY3G+pBAlhvRozDypnZGsxo5bwcNzcWxMwy"
    "iJWFEM9RSx6XZnEgIRDGMQB6yePSVQx3glDpHcwWC7Ih14UsiKRVXfV/Wmkqap04JBVX26Msh04tJaqowrCij0Q8BKUc"
    "WFy1HLbZARk7DY+/Nc36w9RN4+RDIQ4vWEKVGOxVoAKCxtqin3HSVWH0jz1OUt/YLcXGpLAasv+2TJJ6r1wNSETXujf9"
    "VZI6ek3QZ2nNe8NWdeiU29X+R8NfnWspASRsvbCXh23MtzZALQSdKVqkgxMMugSVTVGxAIZeglFHiglgyGR5K4mjfAA8"
    "hhO4qDDScQ88+4sJ7k0g70iCW3MAW8yRbWv05TDs5C/cF0obneyqpgghcD64NXMHPuOYR2jECxLwpwdARxbSgXbclZp8"
    "XUNDGMEfFQ4LBV9ri4eJxz1igCvw/Qryhx2COQf5vnBD+T3ZDGnX3cAWnobQNEpK24Ek3gQN3THPpp3hSaCFoGH3x/RK"
    "uNqEnPzz5Kom5fpfQtL5Zv3C6Kbid/GIuud9OKf9dPXYIOfX3/vJOe25F01xE8x60BgjcX8GxVqvBe/Erx/BF0KG5T0V"
    "88rzOgSW+6WCaV8GtvJAJ8DkM3d0DcyNlBORxBP/6Ozn1kZThKZVGadC38MlY+FDWxMAlgWaNU5kB7zsQazqv4W5OtE2"
    "mO9OScuOmtbSPNgNBenoF72VIMG2huutgYfbfp4CVx6jRKJVR65l95EX3hd5CI4bMZEc9pONxDGDg5TB8zw5KSTw82Ql"
    "Y6XIiplJuXc9PSVsPAtGs+VCNt4p37Y7Sbsu6bUmaPOpLwaX2tx2KUdpGoQlgTtvJ7DpuD8AdZlbvi1h80grSzI3ncOK"
    "0Hrz+RS/4b8ItOJB/KONMGz6NchvDsyywvbOfx/jZw/dOH2gn33Mh6Zz+jkieoHnX114AgA="
)
