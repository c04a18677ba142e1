"""Compiles the translations (.po) to what gettext reads (.mo), without the gettext programs."""

from pathlib import Path

import polib

_LOCALE = Path(__file__).resolve().parents[1] / "locale"


def compile_all(folder: Path = _LOCALE) -> list[Path]:
    """Compile every .po that is newer than its .mo; return what was written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if _is_current(source, target):
            continue
        fresh = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(fresh))
        fresh.replace(target)
        written.append(target)
    return written


def _is_current(source: Path, target: Path) -> bool:
    try:
        return target.stat().st_mtime_ns >= source.stat().st_mtime_ns
    except FileNotFoundError:
        return False
