"""Walks the consent chain and the audit chain of every organisation: `werkbote verify`."""

import sys

import django

_BROKEN = 1


def main() -> int:
    """Print one line per chain, naming the first broken link; return 1 if there is one."""
    django.setup()
    from werkbote.actions import chains, upkeep  # noqa: PLC0415 -- slow import

    findings = chains.verify(organisations=upkeep.organisations())
    for one in findings:
        name = f"{one.chain} chain of organisation {one.organisation}"
        if one.broken is None:
            sys.stdout.write(f"whole   {name}: {one.length} entries\n")
        else:
            sys.stdout.write(
                f"BROKEN  {name}: entry {one.broken} of {one.length} does not fit the one before it "
                "or its own contents; compare with the copied heads and a backup.\n"
            )
    return _BROKEN if any(one.broken is not None for one in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
