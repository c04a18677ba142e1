"""Words and files that try to be something else: markup, scripts, turned letters, traps for a picture's reader."""

import io
import struct
import zlib
from collections.abc import Mapping

from PIL import Image

MARK = "window.__x=1"
"""What every script below would do, so that a test can ask whether any did."""

WORDS: Mapping[str, str] = {
    "script": f"<script>{MARK}</script>",
    "image": f'<img src=x onerror="{MARK}">',
    "attribute": f"\" autofocus onfocus='{MARK}' x=\"",
    "vector": f"'><svg onload={MARK}>",
    "closing": f"</textarea></title></style><script>{MARK}</script>",
    "address": f"javascript:{MARK}//",
    "entity": f"&lt;script&gt;{MARK}&lt;/script&gt; &#60;b&#62;",
    "part": f'<div hx-get="/logout/" hx-trigger="load" hx-on:load="{MARK}">',
    "template": "{{ 7|add:7 }} {% csrf_token %} ${7*7}",
    "comment": f"<!--><script>{MARK}</script>-->",
}
"""Each must stand on the page letter by letter."""

TURNED: Mapping[str, str] = {
    "override": "Rechnung_\u202efdp.exe",
    "isolate": "Anna \u2067Muster",
    "arabic": "محمد (Kunde) 12",
}
"""Letters that run from right to left, and controls that nobody ends."""

LONG: Mapping[str, str] = {
    "ten thousand": "Bitte um Rückruf. " * 555 + "Ende.",
    "emoji": "🚗" * 300,
    "one word": "Donaudampfschifffahrtsgesellschaftskapitän" * 30,
    "no space": "x" * 4000,
}


def picture(kind: str = "JPEG") -> bytes:
    """A small picture that is one."""
    written = io.BytesIO()
    Image.new("RGB", (60, 80), "teal").save(written, kind)
    return written.getvalue()


def bomb() -> bytes:
    """A PNG of a few kilobytes that unpacks to 2,500 megapixels."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1_000_000, 9)
    made = b"\x89PNG\r\n\x1a\n"
    for name, content in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b"")):
        made += struct.pack(">I", len(content)) + name + content
        made += struct.pack(">I", zlib.crc32(name + content))
    return made


FILES: Mapping[str, tuple[str, bytes]] = {
    "cut off": ("image/jpeg", picture()[:200]),
    "noise": ("image/jpeg", bytes(range(256)) * 8),
    "empty head": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "bomb": ("image/png", bomb()),
    "page": ("image/png", f"<html><script>{MARK}</script></html>".encode()),
    "script and picture": ("image/gif", f"GIF89a/*{MARK}*/=1;{MARK}".encode()),
    "other kind": ("image/webp", picture("PNG")),
    "vector": (
        "image/svg+xml",
        f'<svg xmlns="http://www.w3.org/2000/svg"><script>{MARK}</script></svg>'.encode(),
    ),
    "heic": ("image/heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(500)),
}
"""Files that say they are pictures: what they say, and what they are."""
