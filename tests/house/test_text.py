"""What is committed speaks of the product alone, and holds no one's real data."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.house import sources

_TEXT = {
    ".py",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".html",
    ".css",
    ".js",
    ".txt",
    ".in",
    ".po",
    ".sh",
}
_FOREIGN = re.compile(
    r"/(?:home|root|tmp|work|var/folders|Users)/[a-z]"
    r"|\b(?-i:TODO|FIXME|XXX)\b"
    r"|\bAI[- ]generated\b|\bas an AI\b"
    r"|\b(?:claude|anthropic|copilot|chatgpt)\b",
    re.IGNORECASE,
)
_EXPECTED = {
    "tests/house/test_text.py",
}
_PHONE = re.compile(r"(?<![\w.])(?:\+|00)49[ (0)/-]*(\d[\d /-]{6,13}\d)")
_INVENTED = re.compile(
    r"^(?:15228817386|15228895456|15254599371|17139200\d{0,2}|1729925904|1729968532"
    r"|1729973185|1729973186|1729980752|1749091317|1749464308|17604069\d{2,3}"
    r"|3023125\d{3}|4066969\d{3}|2214710\d{3}|6990009\d{3}|8999998\d{3})$"
)


def committed() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=sources.ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("This is no git checkout.")
    found = [sources.ROOT / name for name in done.stdout.split("\0") if name]
    return [path for path in found if path.suffix in _TEXT and path.exists()]


def test_no_committed_line_speaks_of_anything_but_the_product() -> None:
    lines = [
        f"{sources.name(path)}:{number}: {line.strip()[:100]}"
        for path in committed()
        if sources.name(path) not in _EXPECTED
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if _FOREIGN.search(line)
    ]
    assert lines == []


def test_phone_numbers_are_from_the_ranges_kept_free_for_films() -> None:
    strange = [
        f"{sources.name(path)}: {match.group()}"
        for path in committed()
        for match in _PHONE.finditer(path.read_text(errors="replace"))
        if not _INVENTED.match(re.sub(r"\D", "", match.group(1)))
    ]
    assert strange == []
