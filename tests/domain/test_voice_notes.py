"""Voice notes packed anew: what comes out is whole Ogg, and broken recordings end in one error."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsim.deeds import samples
from werkbote.domain import voice_notes

UNKNOWN = b"\x01\xff\xff\xff\xff\xff\xff\xff"
FRAME = b"\xf8" + bytes(range(40))
"""CELT, 20 ms, one frame."""


def head(
    *, channels: int = 1, magic: bytes = b"OpusHead", version: int = 1, family: int = 0
) -> bytes:
    return magic + struct.pack("<BBHIhB", version, channels, 312, 48000, 0, family)


def element(name: int, body: bytes, *, size: bytes | None = None) -> bytes:
    length = (len(body) | 1 << 28).to_bytes(4, "big") if size is None else size
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + length + body


def block(packet: bytes, *, marks: int = 0x80) -> bytes:
    return element(0xA3, b"\x81\x00\x00" + bytes([marks]) + packet)


def track(codec: bytes = b"A_OPUS", opus: bytes | None = None) -> bytes:
    body = element(0xD7, b"\x01") + element(0x83, b"\x02") + element(0x86, codec)
    return element(0xAE, body + element(0x63A2, head() if opus is None else opus))


def webm(*packets: bytes, tracks: bytes | None = None) -> bytes:
    """A recording as Chromium writes it: lengths of segment and clusters are unknown."""
    ebml = element(0x1A45DFA3, element(0x4282, b"webm"))
    body = element(0x1654AE6B, track() if tracks is None else tracks)
    cluster = element(0xE7, b"\x00") + b"".join(packets)
    body += element(0x1F43B675, cluster, size=UNKNOWN)
    return ebml + element(0x18538067, body, size=UNKNOWN)


def pages(ogg: bytes) -> list[tuple[int, int, int, list[bytes]]]:
    """Marks, place, number and packets of every page; fails where a checksum does not fit."""
    found = []
    place = 0
    while place < len(ogg):
        magic, _, marks, at, _serial, number, checksum, count = struct.unpack_from(
            "<4sBBQIIIB", ogg, place
        )
        assert magic == b"OggS"
        lacing = ogg[place + 27 : place + 27 + count]
        end = place + 27 + count + sum(lacing)
        page = ogg[place:end]
        assert samples._ogg_sum(page[:22] + bytes(4) + page[26:]) == checksum
        packets, start, length = [], place + 27 + count, 0
        for one in lacing:
            length += one
            if one < 255:
                packets.append(ogg[start : start + length])
                start, length = start + length, 0
        found.append((marks, at, number, packets))
        place = end
    return found


def test_every_packet_is_there_in_order_with_its_time():
    packets = [bytes([0xF8, number]) * 20 for number in range(120)]
    first, tags, *sound = pages(voice_notes.remux(webm(*map(block, packets))))
    assert first == (2, 0, 0, [head()])
    assert (tags[:3], tags[3][0][:8]) == ((0, 0, 1), b"OpusTags")
    assert [one for page in sound for one in page[3]] == packets
    assert [page[:3] for page in sound] == [(0, 48_000, 2), (0, 96_000, 3), (4, 115_200, 4)]


@pytest.mark.parametrize("length", [1, 254, 255, 256, 510, 1275])
def test_packets_of_every_length_survive(length):
    packet = b"\xf8" + b"x" * (length - 1)
    *_, last = pages(voice_notes.remux(webm(block(packet))))
    assert last[3] == [packet]


def test_blocks_in_groups_are_read_too():
    grouped = element(0xA0, element(0xA1, b"\x81\x00\x00\x00" + FRAME))
    assert pages(voice_notes.remux(webm(grouped)))[-1][3] == [FRAME]


@pytest.mark.parametrize(
    ("packet", "time"),
    [
        (b"\x00", 480),
        (b"\x18", 2880),
        (b"\x60", 480),
        (b"\x68", 960),
        (b"\x80", 120),
        (b"\xf8", 960),
        (b"\xf9", 1920),
        (b"\xfa", 1920),
        (b"\xfb\x06", 5760),
    ],
)
def test_the_length_of_a_packet_is_told_by_its_first_byte(packet, time):
    assert pages(voice_notes.remux(webm(block(packet))))[-1][1] == time


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x1a\x45\xdf\xa3", id="beginning alone"),
        pytest.param(b"OggS" + bytes(60), id="another kind"),
        pytest.param(webm(), id="no sound"),
        pytest.param(webm(block(FRAME))[:-5], id="cut off"),
        pytest.param(webm(block(FRAME)) + b"\x00", id="zero behind"),
        pytest.param(webm(block(FRAME)) + b"\xa3", id="name without length"),
        pytest.param(webm(element(0xA3, b"\x81\x00\x00\x80")), id="empty block"),
        pytest.param(webm(element(0xA3, FRAME, size=UNKNOWN)), id="endless block"),
        pytest.param(webm(block(FRAME, marks=0x82)), id="laced"),
        pytest.param(webm(block(b"\xfb")), id="frames uncounted"),
        pytest.param(webm(block(b"\xfb\x00")), id="no frames"),
        pytest.param(webm(block(b"\xfb\x3f")), id="too many frames"),
        pytest.param(webm(block(b"\xf8" * 70_000)), id="huge packet"),
        pytest.param(webm(block(FRAME), tracks=b""), id="no track"),
        pytest.param(webm(block(FRAME), tracks=track() * 2), id="two tracks"),
        pytest.param(webm(block(FRAME), tracks=track(b"A_VORBIS")), id="another codec"),
        pytest.param(webm(block(FRAME), tracks=track(opus=b"OpusHead")), id="short head"),
        pytest.param(webm(block(FRAME), tracks=track(opus=head(magic=b"OpusTags"))), id="no head"),
        pytest.param(webm(block(FRAME), tracks=track(opus=head(version=16))), id="new version"),
        pytest.param(webm(block(FRAME), tracks=track(opus=head(family=1))), id="mapped"),
    ],
)
def test_broken_recordings_end_in_one_error(broken):
    with pytest.raises(voice_notes.UnableToRead):
        voice_notes.remux(broken)


def test_more_than_one_channel_has_its_own_error():
    with pytest.raises(voice_notes.NotMono):
        voice_notes.remux(webm(block(FRAME), tracks=track(opus=head(channels=2))))


@given(st.integers(0, 200), st.binary(max_size=12), st.booleans())
def test_no_noise_ends_in_anything_but_ogg_or_that_error(place, noise, cut):
    whole = webm(block(FRAME), block(FRAME))
    broken = whole[:place] + noise + (b"" if cut else whole[place + len(noise) :])
    try:
        made = voice_notes.remux(broken)
    except (voice_notes.UnableToRead, voice_notes.NotMono):
        return
    assert pages(made)[-1][0] == 4


def test_the_head_of_an_ogg_file_is_found():
    assert voice_notes.ogg_head(voice_notes.remux(webm(block(FRAME)))) == head()
    assert voice_notes.ogg_head(b"OggS") == b""
