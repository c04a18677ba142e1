"""How well withdrawals are recognised: precision and recall per scope on the labelled messages.

Run: python -m tests.domain.withdrawal_report [all | FILE.tsv ...] [--failures]

Without a file it is the whole labelled set. A file has the columns text, label and style.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from werkbote.domain import withdrawal
from werkbote.store import rechtsstand

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    text: str
    label: withdrawal.Scope
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    example: Labelled
    scope: withdrawal.Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    scope: withdrawal.Scope
    examples: int
    precision: float
    recall: float


def vocabulary() -> withdrawal.Vocabulary:
    return rechtsstand.words(date(2026, 11, 23))


def files() -> tuple[Path, ...]:
    """The labelled set: one file for every time messages were collected."""
    return tuple(sorted(DATA.glob("withdrawals*.tsv")))


def examples(chosen: Iterable[Path]) -> tuple[Labelled, ...]:
    return tuple(each for path in chosen for each in _read(path))


def judge(chosen: Iterable[Labelled], words: withdrawal.Vocabulary) -> tuple[Judged, ...]:
    return tuple(
        Judged(example=each, scope=withdrawal.read(each.text, words).scope) for each in chosen
    )


def score(judged: Iterable[Judged]) -> tuple[Score, ...]:
    """Precision and recall of every scope; a scope never read or never labelled counts as 1."""
    pairs = [(each.example.label, each.scope) for each in judged]
    scores = []
    for scope in withdrawal.Scope:
        hits = sum(label is scope and read is scope for label, read in pairs)
        labelled = sum(label is scope for label, _ in pairs)
        found = sum(read is scope for _, read in pairs)
        scores.append(
            Score(
                scope=scope,
                examples=labelled,
                precision=hits / found if found else 1.0,
                recall=hits / labelled if labelled else 1.0,
            )
        )
    return tuple(scores)


def missed(judged: Iterable[Judged]) -> tuple[Judged, ...]:
    """Withdrawals, sure or possible, that were read as nothing."""
    none = withdrawal.Scope.NONE
    return tuple(each for each in judged if each.example.label is not none and each.scope is none)


def lines(title: str, judged: tuple[Judged, ...]) -> list[str]:
    table = [f"{title}: {len(judged)} messages, {len(missed(judged))} withdrawals read as none"]
    table += [
        f"  {each.scope:<12} {each.examples:>4}  precision {each.precision:6.1%}  recall {each.recall:6.1%}"
        for each in score(judged)
    ]
    return table


def main(arguments: list[str]) -> None:
    chosen = [Path(each) for each in arguments if not each.startswith("-") and each != "all"]
    judged = judge(examples(chosen or files()), vocabulary())
    title = ", ".join(each.name for each in chosen) or "all"
    sys.stdout.write("\n".join(lines(title, judged)) + "\n")
    for each in judged:
        if "--failures" in arguments and each.scope is not each.example.label:
            sys.stdout.write(
                f"    {each.example.label} read as {each.scope}: {each.example.text}\n"
            )


def _read(path: Path) -> Iterator[Labelled]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Labelled(
                text=row["text"], label=withdrawal.Scope(row["label"]), style=row["style"]
            )


if __name__ == "__main__":
    main(sys.argv[1:])
