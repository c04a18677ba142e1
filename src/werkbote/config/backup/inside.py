"""What a restore does inside the restored database, in a process that sees no other: replay, verify, note."""

import functools
import json
import sys
import time
from datetime import UTC, datetime

import django


def settle() -> int:
    """Replay the erasure journal, walk the chains, print the counts; return 1 when a chain is broken."""
    from werkbote.actions import chains, journal, privacy, upkeep  # noqa: PLC0415 -- slow import
    from werkbote.store import journal as book  # noqa: PLC0415 -- slow import

    began = time.monotonic()
    now = datetime.now(UTC)
    organisations = list(upkeep.organisations())
    upkeep.notice_silence(at=now)
    erase = functools.partial(privacy.erase_again, at=now)
    try:
        done = journal.replay(organisations=organisations, erase=erase, at=now)
    except (book.UnableToReadJournal, book.UnableToWriteJournal) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    findings = chains.verify(organisations=organisations)
    broken = [one for one in findings if one.broken is not None]
    if broken:
        sys.stderr.write(
            f"The {broken[0].chain} chain of organisation {broken[0].organisation} breaks at entry "
            f"{broken[0].broken}: use another backup.\n"
        )
        return 1
    counts = {
        "entries": done.entries,
        "missing": done.missing,
        "erased": done.erased,
        "chains": len(findings),
        "seconds": round(time.monotonic() - began, 3),
    }
    sys.stdout.write(json.dumps(counts))
    return 0


def note(verb: str, report: str) -> int:
    """Write a report into the audit of every organisation."""
    from werkbote.actions import upkeep  # noqa: PLC0415 -- slow import

    upkeep.note_care(verb=verb, report=json.loads(report), at=datetime.now(UTC))
    return 0


def main() -> int:
    """Do what the words name and return the exit code."""
    django.setup()
    return settle() if sys.argv[1] == "settle" else note(*sys.argv[2:4])


if __name__ == "__main__":
    sys.exit(main())
