"""How the loaded files of one Rechtsstand become the guide's catalogue.

The files are read elsewhere; here a loaded mapping becomes frozen values, or an error that says
what is missing.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from werkbote.domain import guide_catalogue, law

_CHECK: Final = frozenset({"guide_check", "guide_questions"})


def parse(documents: Mapping[str, Mapping[str, Any]]) -> guide_catalogue.Catalogue:
    """Return the catalogue that the loaded documents state, keyed by topic.

    Raises:
        guide_catalogue.UnableToReadCatalogue: if a topic or a field is missing or has the wrong form.
    """
    heads = tuple(law.parse_source(documents[topic]) for topic in sorted(documents))
    try:
        check = documents["guide_check"]
        return guide_catalogue.Catalogue(
            version=max(head.valid_from for head in heads).isoformat(),
            heads=heads,
            scoring=_scoring(check["scoring"]),
            areas=tuple(
                guide_catalogue.Area(id=area["id"], name=guide_catalogue.Text(**area["name"]))
                for area in check["areas"]
            ),
            questions=_questions(documents["guide_questions"]["questions"]),
            notices=tuple(map(_notice, check["notices"])),
            conditions=tuple(
                _condition(number, entry) for number, entry in enumerate(check["conditions"], 1)
            ),
            words=MappingProxyType(
                {cause: guide_catalogue.Text(**entry) for cause, entry in check["words"].items()}
            ),
            book=MappingProxyType(
                {topic: document for topic, document in documents.items() if topic not in _CHECK}
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, guide_catalogue.UnableToReadCatalogue):
            raise
        raise guide_catalogue.UnableToReadCatalogue(
            f"The guide's files are incomplete or malformed ({error!r}). "
            "Compare them with the ones that were valid before."
        ) from error


def _questions(entries: Iterable[Mapping[str, Any]]) -> tuple[guide_catalogue.Question, ...]:
    return tuple(_question(number, entry) for number, entry in enumerate(entries, 1))


def _question(number: int, entry: Mapping[str, Any]) -> guide_catalogue.Question:
    not_applicable = entry.get("not_applicable")
    return guide_catalogue.Question(
        id=entry["id"],
        number=number,
        area=entry["area"],
        level=guide_catalogue.Level(entry["level"]),
        title=guide_catalogue.Text(**entry["title"]),
        ask=guide_catalogue.Text(**entry["ask"]),
        why=guide_catalogue.Text(**entry["why"]),
        rule=guide_catalogue.Text(**entry["rule"]),
        gap=guide_catalogue.Text(**entry["gap"]),
        options=tuple(map(_option, entry["options"])),
        measures=tuple(map(_measure, entry["measures"])),
        sources=tuple(entry["sources"]),
        not_applicable=guide_catalogue.Text(**not_applicable) if not_applicable else None,
        closed_by=tuple(_matches(closing) for closing in entry.get("closed_by", ())),
    )


def _option(entry: Mapping[str, Any]) -> guide_catalogue.Option:
    finding = entry.get("finding")
    value = entry["value"]
    return guide_catalogue.Option(
        id=entry["id"],
        label=guide_catalogue.Text(de=entry["de"], en=entry["en"]),
        value=None if value is None else Fraction(str(value)),
        knockout=entry.get("knockout", False),
        finding=guide_catalogue.Text(**finding) if finding else None,
    )


def _measure(entry: Mapping[str, Any]) -> guide_catalogue.Measure:
    return guide_catalogue.Measure(
        id=entry["id"],
        effort=guide_catalogue.Effort(entry["effort"]),
        solver=guide_catalogue.Solver(entry["solver"]),
        text=guide_catalogue.Text(de=entry["de"], en=entry["en"]),
        urgent=entry.get("urgent", False),
    )


def _matches(entries: Mapping[str, Iterable[str]]) -> tuple[guide_catalogue.Match, ...]:
    return tuple(
        guide_catalogue.Match(question=question, options=frozenset(options))
        for question, options in entries.items()
    )


def _notice(entry: Mapping[str, Any]) -> guide_catalogue.Notice:
    return guide_catalogue.Notice(
        id=entry["id"],
        kind=guide_catalogue.NoticeKind(entry["kind"]),
        when=_matches(entry["when"]),
        text=guide_catalogue.Text(de=entry["de"], en=entry["en"]),
    )


def _condition(number: int, entry: Mapping[str, Any]) -> guide_catalogue.Condition:
    return guide_catalogue.Condition(
        id=entry["id"],
        number=number,
        title=guide_catalogue.Text(**entry["title"]),
        text=guide_catalogue.Text(**entry["text"]),
        questions=tuple(entry["questions"]),
    )


def _scoring(entry: Mapping[str, Any]) -> guide_catalogue.Scoring:
    shares = {
        name: Fraction(str(entry[name]))
        for name in (
            "green",
            "yellow",
            "green_critical",
            "critical_below",
            "unclear_limit",
            "first_priority",
            "second_priority",
        )
    }
    return guide_catalogue.Scoring(
        weights=MappingProxyType(
            {guide_catalogue.Level(level): w for level, w in entry["weights"].items()}
        ),
        efforts=MappingProxyType(
            {guide_catalogue.Effort(effort): n for effort, n in entry["efforts"].items()}
        ),
        critical_count=entry["critical_count"],
        **shares,
    )
