"""What the guide's templates read: result and catalogue as plain words of one language."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from werkbote.domain import guide, guide_catalogue

SHOWN_REASONS: Final = 5
SHOWN_STEPS: Final = 4
ANSWER_WORDS: Final = ("do_not_know", "not_applicable")
KINDS: Final = ("law", "court", "authority", "meta", "secondary")
TOPICS: Final = ("messenger", "advertising", "wider")
TICKS: Final[Mapping[guide.State, bool | str]] = {guide.State.MET: True, guide.State.PARTLY: "half"}
MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)

type Plain = dict[str, Any]


def content(
    result: guide.Result | None,
    *,
    dealer: str,
    today: date,
    language: guide.Language,
    catalogue: guide.Catalogue,
) -> Plain:
    """Return everything the templates print, as lists, dictionaries, words and numbers."""
    pages = words(catalogue.book["guide_pages"], language)
    pages["labels"] |= {name: catalogue.words[name].into(language) for name in ANSWER_WORDS}
    numbers = source_numbers(catalogue)
    edition = "tailored" if result else "neutral"
    return {
        "language": language,
        "date": [today.year, today.month, today.day],
        "today": day_words(today.isoformat(), language),
        "rechtsstand": day_words(catalogue.version, language),
        "dealer": dealer,
        "labels": pages["labels"],
        "chapters": pages["chapters"],
        "leads": pages["leads"],
        "overview": pages["overview"],
        "roles": pages["roles"],
        "notes": [note for note in pages["notes"] if note["edition"] in {"both", edition}],
        "upkeep": pages["upkeep"],
        "knockouts": _knockouts(catalogue, language),
        **_comparison(catalogue, language, numbers),
        "authorities": _authorities(catalogue, language, numbers),
        "conditions": _conditions(result, catalogue, language, pages["labels"]),
        **_drafts(catalogue, language, dealer or pages["labels"]["sample_dealer"]),
        "sources": _sources(catalogue, language, pages["labels"], numbers),
        "worksheet": _worksheet(catalogue, language, pages["labels"]),
        "result": result and _outcome(result, pages["labels"], numbers),
    }


def words(node: Any, language: guide.Language) -> Any:
    """Return a loaded document with every pair of `de` and `en` replaced by one language.

    Where other keys stand beside the pair, the chosen wording becomes `text`.
    """
    if isinstance(node, Mapping):
        if set(node) == set(guide_catalogue.LANGUAGES):
            return words(node[language], language)
        plain = {
            key: words(value, language)
            for key, value in node.items()
            if key not in guide_catalogue.LANGUAGES
        }
        return plain | ({"text": node[language]} if language in node else {})
    if isinstance(node, list):
        return [words(entry, language) for entry in node]
    return node


def day_words(day: str, language: guide.Language) -> str:
    """Return an ISO date, or its first parts (year, month), as written in a language."""
    parts = day.split("-")
    if language == "de":
        return "/".join(reversed(parts)) if len(parts) == 2 else ".".join(reversed(parts))  # noqa: PLR2004
    if len(parts) > 1:
        parts[1] = MONTHS[int(parts[1]) - 1]
    return " ".join(reversed([*parts[:2], *(part.lstrip("0") for part in parts[2:])]))


def source_numbers(catalogue: guide.Catalogue) -> Mapping[str, int]:
    """Return the number under which each source is listed, ordered by kind."""
    entries = catalogue.book["guide_sources"]["sources"]
    ordered = [entry["id"] for kind in KINDS for entry in entries if entry["kind"] == kind]
    return {source: number for number, source in enumerate(ordered, 1)}


def _cited(ids: Iterable[str], numbers: Mapping[str, int]) -> list[int]:
    return sorted(numbers[source] for source in ids)


def _comparison(
    catalogue: guide.Catalogue, language: guide.Language, numbers: Mapping[str, int]
) -> Plain:
    comparison = words(catalogue.book["guide_comparison"], language)
    variants = {variant["id"]: variant for variant in comparison["variants"]}
    return {
        "variants": comparison["variants"],
        "business_app": comparison["business_app"]
        | {"sources": _cited(comparison["business_app"]["sources"], numbers)},
        "rows": [{"verdict": False} | row for row in comparison["rows"]],
        "portraits": [
            portrait
            | {key: variants[portrait["id"]][key] for key in ("name", "mark")}
            | {"sources": _cited(portrait["sources"], numbers)}
            for portrait in comparison["portraits"]
        ],
    }


def _authorities(
    catalogue: guide.Catalogue, language: guide.Language, numbers: Mapping[str, int]
) -> Plain:
    book = words(catalogue.book["guide_authorities"], language)
    sources = {entry["id"]: entry for entry in catalogue.book["guide_sources"]["sources"]}
    return {"consequences": book["consequences"]} | {
        topic: [
            {
                "date": day_words(sources[entry["source"]]["date"], language),
                "who": sources[entry["source"]][language],
                "text": entry["text"],
                "number": numbers[entry["source"]],
            }
            for entry in sorted(
                book[topic], key=lambda entry: sources[entry["source"]]["date"], reverse=True
            )
        ]
        for topic in TOPICS
    }


def _conditions(
    result: guide.Result | None,
    catalogue: guide.Catalogue,
    language: guide.Language,
    labels: Mapping[str, str],
) -> list[Plain]:
    if result is None:
        return [
            {
                "number": condition.number,
                "title": condition.title.into(language),
                "text": condition.text.into(language),
                "tick": None,
                "state": None,
            }
            for condition in catalogue.conditions
        ]
    return [
        {
            "number": condition.number,
            "title": condition.title,
            "text": condition.text,
            "tick": TICKS.get(condition.state, False),
            "state": labels[f"state_{condition.state}"],
        }
        for condition in result.conditions
    ]


def _drafts(catalogue: guide.Catalogue, language: guide.Language, dealer: str) -> Plain:
    book = words(catalogue.book["guide_drafts"], language)
    return {
        "drafts": [
            draft | {"text": [line.replace("{dealer}", dealer) for line in draft["text"]]}
            for draft in book["drafts"]
        ],
        "glossary": sorted(book["glossary"], key=lambda entry: str(entry["term"]).casefold()),
    }


def _sources(
    catalogue: guide.Catalogue,
    language: guide.Language,
    labels: Mapping[str, str],
    numbers: Mapping[str, int],
) -> list[Plain]:
    entries = catalogue.book["guide_sources"]["sources"]
    return [
        {
            "name": labels[f"kind_{kind}"],
            "entries": [
                {
                    "number": numbers[entry["id"]],
                    "title": entry[language],
                    "where": entry["where"],
                    "date": day_words(entry["date"], language),
                    "checked": labels[f"checked_{entry['checked']}"],
                }
                for entry in entries
                if entry["kind"] == kind
            ],
        }
        for kind in KINDS
    ]


def _worksheet(
    catalogue: guide.Catalogue, language: guide.Language, labels: Mapping[str, str]
) -> list[Plain]:
    return [
        {
            "name": area.name.into(language),
            "questions": [
                {
                    "number": question.number,
                    "ask": question.ask.into(language),
                    "rule": question.rule.into(language),
                    "options": _choices(question, language, labels),
                }
                for question in catalogue.questions
                if question.area == area.id
            ],
        }
        for area in catalogue.areas
    ]


def _knockouts(catalogue: guide.Catalogue, language: guide.Language) -> list[str]:
    return [
        (option.finding or question.gap).into(language)
        for question in catalogue.questions
        for option in question.options
        if option.knockout
    ]


def _choices(
    question: guide_catalogue.Question, language: guide.Language, labels: Mapping[str, str]
) -> list[str]:
    choices = [
        option.label.into(language) + (" *" if option.knockout else "")
        for option in question.options
    ]
    if question.not_applicable is not None:
        choices.append(f"{labels['not_applicable']}: {question.not_applicable.into(language)}")
    return [*choices, labels["do_not_know"]]


def _outcome(result: guide.Result, labels: Mapping[str, str], numbers: Mapping[str, int]) -> Plain:
    crowded = min(2, len(result.remarks) + result.provisional)
    first = [step for step in result.steps if not step.clarify] or result.steps
    scored = [area for area in result.areas if area.score is not None]
    return {
        "light": str(result.light),
        "light_name": labels[f"light_{result.light}"],
        "verdict": result.verdict,
        "score": result.score,
        "provisional": result.provisional,
        "unclear_count": sum(reply.unknown for reply in result.replies),
        "unclear_percent": round(result.unclear * 100),
        "reasons": [
            {"text": reason.text, "rule": reason.rule, "knockout": reason.knockout}
            for reason in result.reasons[: SHOWN_REASONS - crowded]
        ],
        "calm": labels["only_open" if result.unclear else "no_reasons"],
        "notices": [remark.text for remark in result.remarks],
        "first": [{"text": step.text} for step in first[: SHOWN_STEPS - crowded]],
        "areas": [{"name": area.name, "score": area.score} for area in result.areas],
        "areas_words": ", ".join(f"{area.name} {area.score}" for area in scored),
        "gaps": _gaps(result, numbers),
        "open": [_line(reply, result.language, "") for reply in result.replies if reply.unknown],
        "fulfilled": [
            _line(reply, result.language, reply.label or labels["not_applicable"])
            for reply in _fulfilled(result)
        ],
        "plan": [
            {
                "name": labels[f"group_{group}"],
                "steps": [_step(step, labels, numbers) for step in result.due(group)],
            }
            for group in guide.Group
        ],
    }


def _fulfilled(result: guide.Result) -> list[guide.Reply]:
    """Return the replies without a gap that no remark puts in doubt."""
    doubted = {question for remark in result.remarks for question in remark.questions}
    return [
        reply
        for reply in result.replies
        if not reply.loss
        and reply.answer != guide.UNKNOWN
        and reply.question.level is not guide_catalogue.Level.SWITCH
        and reply.question.id not in doubted
    ]


def _gaps(result: guide.Result, numbers: Mapping[str, int]) -> list[Plain]:
    replies = {reply.question.id: reply for reply in result.replies}
    return [
        {
            "number": reason.number,
            "title": replies[reason.question].question.title.into(result.language),
            "answer": replies[reason.question].label,
            "finding": reason.text,
            "knockout": reason.knockout,
            "rule": reason.rule,
            "sources": _cited(replies[reason.question].question.sources, numbers),
        }
        for reason in result.reasons
    ]


def _line(reply: guide.Reply, language: guide.Language, answer: str) -> Plain:
    return {
        "number": reply.question.number,
        "title": reply.question.title.into(language),
        "answer": answer or reply.question.ask.into(language),
    }


def _step(step: guide.Step, labels: Mapping[str, str], numbers: Mapping[str, int]) -> Plain:
    return {
        "title": step.title,
        "text": step.text,
        "effort": labels[f"effort_{step.effort}"],
        "solver": labels[f"solver_{step.solver}"],
        "rule": step.rule,
        "sources": _cited(step.sources, numbers),
    }
