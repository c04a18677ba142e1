"""A voice note as browsers record it, packed anew as WhatsApp takes it: Opus out of WebM into Ogg.

Not a sample is touched. WebM: RFC 8794 (EBML) and RFC 9559; Ogg: RFC 3533; Opus in it: RFC 7845
and, for the length of a packet, RFC 6716, section 3.1.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_RATE = 48_000
_PAGE_SAMPLES = _RATE
_MOST_SEGMENTS = 255
_MOST_PACKET_SAMPLES = 5760
_HEAD = struct.Struct("<8sBBHIhB")
_FIRST, _LAST = 2, 4
_BLOCK_HEAD = 4
_LACED = 0x06
_UNKNOWN = -1

_EBML, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
_TRACKS, _TRACK, _GROUP = 0x1654AE6B, 0xAE, 0xA0
_NUMBER, _CODEC, _PRIVATE = 0xD7, 0x86, 0x63A2
_BLOCKS = frozenset({0xA3, 0xA1})
_OPENED = frozenset({_SEGMENT, _CLUSTER, _TRACKS, _TRACK, _GROUP})
"""Elements whose content is walked through; a browser leaves the length of some of them unknown."""


class UnableToRead(Exception):
    """The bytes are no whole recording of Opus in WebM."""


class NotMono(Exception):
    """The recording has more than one channel, which WhatsApp does not take."""


@dataclass(slots=True)
class _Track:
    number: int = 0
    codec: bytes = b""
    head: bytes = b""


def remux(webm: bytes) -> bytes:
    """Return a recording as Ogg; raise UnableToRead or NotMono."""
    track, packets = _read(webm)
    check_head(track.head)
    if not packets:
        raise UnableToRead("nothing was recorded")
    return b"".join(_pages(track.head, packets, serial=zlib.crc32(webm)))


def check_head(head: bytes) -> None:
    """Raise UnableToRead or NotMono for what is no identification header of one channel."""
    if len(head) < _HEAD.size:
        raise UnableToRead("the head is cut off")
    magic, version, channels, _, _, _, family = _HEAD.unpack_from(head)
    if magic != b"OpusHead" or version >> 4 or family:
        raise UnableToRead("the head is not one of Opus")
    if channels != 1:
        raise NotMono("more than one channel")


def ogg_head(ogg: bytes) -> bytes:
    """Return the identification header of an Ogg file, empty where there is none."""
    place = ogg.find(b"OpusHead", 0, 64)
    return ogg[place : place + _HEAD.size] if place >= 0 else b""


def _read(webm: bytes) -> tuple[_Track, list[bytes]]:
    """Return the only track and its packets in order."""
    tracks: list[_Track] = []
    packets: list[bytes] = []
    for name, body in _elements(webm):
        if name == _TRACK:
            tracks.append(_Track())
        elif name in _BLOCKS:
            packets.append(_packet(body))
        elif tracks:
            _note(tracks[-1], name, body)
    if len(tracks) != 1 or tracks[0].codec != b"A_OPUS":
        raise UnableToRead("not one track of Opus")
    return tracks[0], packets


def _note(track: _Track, name: int, body: bytes) -> None:
    if name == _NUMBER:
        track.number = int.from_bytes(body, "big")
    elif name == _CODEC:
        track.codec = body.rstrip(b"\0")
    elif name == _PRIVATE:
        track.head = body


def _packet(block: bytes) -> bytes:
    """Return a block's packet: after the number of its track, its time and its marks."""
    if len(block) <= _BLOCK_HEAD or not block[0] & 0x80 or block[3] & _LACED:
        raise UnableToRead("a block is laced or empty")
    return block[_BLOCK_HEAD:]


def _elements(webm: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield names and contents, flat; of what is opened only the name."""
    place = 0
    first = True
    while place < len(webm):
        name, place = _number(webm, place, most=4, marked=True)
        size, place = _number(webm, place, most=8, marked=False)
        if first and name != _EBML:
            raise UnableToRead("the beginning is not one of WebM")
        first = False
        if name in _OPENED:
            yield name, b""
            continue
        if size == _UNKNOWN or place + size > len(webm):
            raise UnableToRead("an element is cut off")
        yield name, webm[place : place + size]
        place += size


def _number(webm: bytes, place: int, *, most: int, marked: bool) -> tuple[int, int]:
    """Return a number of variable length, with its mark of length or without, and the place after it."""
    if place >= len(webm) or not webm[place]:
        raise UnableToRead("a number is cut off or too long")
    length = 9 - webm[place].bit_length()
    found = webm[place : place + length]
    if length > most or len(found) < length:
        raise UnableToRead("a number is cut off or too long")
    value = int.from_bytes(found, "big")
    if not marked:
        value &= (1 << 7 * length) - 1
        if value == (1 << 7 * length) - 1:
            value = _UNKNOWN
    return value, place + length


def _samples(packet: bytes) -> int:
    """Return how long a packet sounds, in samples of 48 kHz."""
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:  # noqa: PLR2004 -- SILK: 10, 20, 40, 60 ms
        frame = (480, 960, 1920, 2880)[config & 3]
    elif config < 16:  # noqa: PLR2004 -- hybrid: 10, 20 ms
        frame = (480, 960)[config & 1]
    else:  # CELT: 2.5, 5, 10, 20 ms
        frame = (120, 240, 480, 960)[config & 3]
    count = (1, 2, 2, 0)[code] or (packet[1] & 0x3F if len(packet) > 1 else 0)
    if not 0 < frame * count <= _MOST_PACKET_SAMPLES:
        raise UnableToRead("a packet has no possible length")
    return frame * count


@dataclass(slots=True)
class _Page:
    segments: bytearray
    body: bytearray
    samples: int = 0


def _pages(head: bytes, packets: Sequence[bytes], *, serial: int) -> Iterator[bytes]:
    """Yield the two pages of heads, then about a second of sound on each page."""
    vendor = b"Werkbote"
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + bytes(4)
    yield _page(_laid([head]), place=0, number=0, serial=serial, marks=_FIRST)
    yield _page(_laid([tags]), place=0, number=1, serial=serial, marks=0)
    number, place = 2, 0
    page = _Page(segments=bytearray(), body=bytearray())
    for packet in packets:
        lacing = _lacing(packet)
        if len(page.segments) + len(lacing) > _MOST_SEGMENTS or page.samples >= _PAGE_SAMPLES:
            place += page.samples
            yield _page(page, place=place, number=number, serial=serial, marks=0)
            number += 1
            page = _Page(segments=bytearray(), body=bytearray())
        page.segments += lacing
        page.body += packet
        page.samples += _samples(packet)
    place += page.samples
    yield _page(page, place=place, number=number, serial=serial, marks=_LAST)


def _laid(packets: Sequence[bytes]) -> _Page:
    page = _Page(segments=bytearray(), body=bytearray())
    for packet in packets:
        page.segments += _lacing(packet)
        page.body += packet
    return page


def _lacing(packet: bytes) -> bytes:
    whole, rest = divmod(len(packet), 255)
    if whole >= _MOST_SEGMENTS:
        raise UnableToRead("a packet is too large")
    return b"\xff" * whole + bytes([rest])


def _page(page: _Page, *, place: int, number: int, serial: int, marks: int) -> bytes:
    head = struct.pack("<4sBBQII", b"OggS", 0, marks, place, serial, number)
    tail = bytes([len(page.segments)]) + page.segments + page.body
    return head + struct.pack("<I", _sum(head + bytes(4) + tail)) + tail


def _table() -> tuple[int, ...]:
    found = []
    for one in range(256):
        value = one << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        found.append(value & 0xFFFFFFFF)
    return tuple(found)


_SUMS = _table()


def _sum(page: bytes) -> int:
    """Return Ogg's checksum: CRC-32 unmirrored, beginning and ending with zero."""
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _SUMS[value >> 24 ^ byte]
    return value
