"""`werkbote person-schema`: the JSON Schemas of what a person is handed out, printed or written into the docs."""

import argparse
import sys
from pathlib import Path

import django
import orjson

_DOCS = Path(__file__).resolve().parents[3] / "docs"
PUBLISHED = _DOCS / "person-data.schema.json"
"""Where the schema of the whole copy is published (Art. 15(3))."""

PORTABLE = _DOCS / "portable-data.schema.json"
"""Where the schema of what a person takes along is published (Art. 20: common, machine-readable)."""


def rendered() -> bytes:
    """Return the schema of the tables as they are now."""
    from werkbote.store import exporting  # noqa: PLC0415 -- models exist only after setup

    return orjson.dumps(exporting.schema(), option=orjson.OPT_INDENT_2) + b"\n"


def portable() -> bytes:
    """Return the schema of what a person takes along."""
    from werkbote.store import exporting  # noqa: PLC0415 -- models exist only after setup

    return orjson.dumps(exporting.portable_schema(), option=orjson.OPT_INDENT_2) + b"\n"


def main(words: list[str]) -> int:
    """Print the schema, or write it with --write."""
    parser = argparse.ArgumentParser(prog="werkbote person-schema")
    parser.add_argument("--write", action="store_true", help="renew docs/*.schema.json")
    given = parser.parse_args(words)
    django.setup()
    if given.write:
        PUBLISHED.write_bytes(rendered())
        PORTABLE.write_bytes(portable())
    else:
        sys.stdout.write(rendered().decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
