"""Whether a browser can show a picture that arrived: known by its bytes, opened once, never too large."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

UNSHOWABLE = "unshowable"
"""The code of a file that says it is a picture and cannot be shown as one."""

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}
_MOST_PIXELS = 50_000_000
"""No phone takes a larger picture; what unpacks to more is a trap (decompression bomb)."""

_SMALL = (64, 64)


def problem(content: bytes, mime: str) -> str:
    """Return UNSHOWABLE for a picture that is damaged, too large, or of a kind browsers do not show.

    Empty for everything that does not say it is a picture.
    """
    if not mime.startswith("image/"):
        return ""
    return "" if _is_shown(content, mime) else UNSHOWABLE


def _is_shown(content: bytes, mime: str) -> bool:
    if mime not in _FORMATS:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[_FORMATS[mime]]) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    return False
                picture.draft("L", _SMALL)
                picture.load()
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return False
    return True
