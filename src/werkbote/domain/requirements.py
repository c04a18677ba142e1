"""What the law and Meta's terms ask, and which tests show that the product does it: the matrix."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class UnableToTrace(Exception):
    """A requirement and its tests do not fit together; names the id and the remedy."""


class Standing(StrEnum):
    """How a requirement stands: shown by a test, not yet, or none of this product's."""

    SHOWN = "shown"
    OPEN = "not yet"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One demand with its source; `excused_*` say why it is none of the product's, else empty."""

    id: str
    law: str
    title_de: str
    title_en: str
    excused_de: str = ""
    excused_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A requirement with the tests that show it, as `path::name`, sorted."""

    requirement: Requirement
    tests: tuple[str, ...]

    @property
    def standing(self) -> Standing:
        """A test outweighs an excuse."""
        if self.tests:
            return Standing.SHOWN
        return Standing.NOT_APPLICABLE if self.requirement.excused_en else Standing.OPEN


def parse(document: Mapping[str, Any]) -> tuple[Requirement, ...]:
    """Return the requirements of a Rechtsstand file, in its order.

    Raises:
        UnableToTrace: if an entry has not its three parts, or an excuse belongs to none.
    """
    excuses = document["not_applicable"]
    if unknown := sorted(excuses.keys() - document["requirements"].keys()):
        raise UnableToTrace(f"{unknown[0]} is excused but not listed: add it to the requirements.")
    found = []
    for name, parts in document["requirements"].items():
        if len(parts) != 3 or not all(parts):  # noqa: PLR2004 -- law, German, English
            raise UnableToTrace(f"{name} needs its law, a German and an English title.")
        why_de, why_en = excuses.get(name, ("", ""))
        found.append(
            Requirement(
                id=name,
                law=parts[0],
                title_de=parts[1],
                title_en=parts[2],
                excused_de=why_de,
                excused_en=why_en,
            )
        )
    return tuple(found)


def matrix(
    requirements: Sequence[Requirement], shown: Mapping[str, Sequence[str]]
) -> tuple[Row, ...]:
    """Return every requirement with its tests; `shown` maps ids to tests.

    Raises:
        UnableToTrace: if a test claims an id that is not listed.
    """
    if unknown := sorted(shown.keys() - {each.id for each in requirements}):
        raise UnableToTrace(
            f"{shown[unknown[0]][0]} claims {unknown[0]}, which is no requirement: correct the id."
        )
    return tuple(
        Row(requirement=each, tests=tuple(sorted(set(shown.get(each.id, ())))))
        for each in requirements
    )


def counted(rows: Sequence[Row]) -> str:
    """Return how many requirements stand how, as one line."""
    return ", ".join(
        f"{sum(row.standing is standing for row in rows)} {standing}" for standing in Standing
    )


def page(rows: Sequence[Row]) -> str:
    """Return the matrix as the page of the docs."""
    lines = [
        "# Which requirement is shown by which test",
        "",
        f"{counted(rows).capitalize()}. {_HOW}",
        "",
        "| id | law | what | shown by |",
        "|---|---|---|---|",
    ]
    for row in rows:
        each = row.requirement
        lines.append(f"| {each.id} | {each.law} | {each.title_en} | {_cell(row)} |")
    return "\n".join(lines) + "\n"


_HOW = (
    "Made by `./werkbote requirements --write` from `store/rechtsstand/requirements-*.yaml` and the"
    " marks `shows` in `tests/`; a test fails when it is stale. “Not yet” means that no test shows"
    " it, not that nothing does it."
)


def _cell(row: Row) -> str:
    if row.standing is Standing.NOT_APPLICABLE:
        return f"*not applicable:* {row.requirement.excused_en}"
    if row.standing is Standing.OPEN:
        return "*not yet*"
    named: dict[str, list[str]] = {}
    for test in row.tests:
        path, _, name = test.partition("::")
        named.setdefault(path, []).append(name.removeprefix("test_").replace("_", " "))
    return "<br>".join(f"`{path}`: {'; '.join(names)}" for path, names in named.items())
