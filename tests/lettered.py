"""What a letter says, read out of its PDF."""

import re
import subprocess
from pathlib import Path


def words(paper: bytes, folder: Path) -> str:
    """The text of a PDF, lines joined."""
    file = folder / "letter.pdf"
    file.write_bytes(paper)
    text = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    return re.sub(r"\s+", " ", text)
