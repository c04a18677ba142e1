"""Draws what the docs show of the code: `python -m tests.house.diagrams --write`.

Three things are made: the picture of the floors, the states of a message, the table of house words.
"""

import re
import sys
from collections import Counter
from pathlib import Path

import grimp

from tests.house import sources
from werkbote.domain import cases, consent, delivery, desk

DOCS = sources.ROOT / "docs"
FLOORS = DOCS / "floors.svg"
STATES = DOCS / "states.md"
CONSENT_STATES = DOCS / "consent-states.md"
GLOSSARY = DOCS / "GLOSSARY.md"
BEGIN, END = "<!-- house words: generated -->", "<!-- end of house words -->"

_PLACES = {
    "cli": (1, 0),
    "config": (0, 1),
    "web": (1, 1),
    "worker": (2, 1),
    "reads": (1, 2),
    "actions": (2, 2),
    "papers": (0, 3),
    "store": (1, 3),
    "channels": (2, 3),
    "domain": (1, 4),
}
_SAYS = {
    "cli": "the commands",
    "config": "environment, database",
    "web": "screens, webhooks",
    "worker": "loops, timetable",
    "reads": "what screens show",
    "actions": "what the product does",
    "papers": "documents",
    "store": "tables, keys, walls",
    "channels": "the way outside",
    "domain": "law and arithmetic, pure",
}
_BOX = (200, 74)
_STEP = (262, 132)
_LEFT, _TOP = 40, 30
_WIDTH, _HEIGHT = 1010, 664

WORDS = {
    "people": "Personen: one person, many identities",
    "consent": "Einwilligung: given, withdrawn, proven",
    "inbox": "Postfach: conversations and messages",
    "desk": "Arbeitsplatz: whose it is, notes, rules, hours",
    "reports": "Berichte: how fast, what was missed; names nobody",
    "cases": "Vorgänge: vehicles, appointments, approvals",
    "campaigns": "Kampagnen: one message to many who agreed",
    "newsletter": "Newsletter: by e-mail, with a consent of its own",
    "contact": "Anfragen: the public form, and WhatsApp as a choice",
    "bot": "Assistent: answers, books, hands over",
    "guide": "Ratgeber: the check and its PDF",
    "privacy": "Betroffenenrechte: access, erasure, retention",
    "duties": "Pflichten: records, processors, breaches",
    "team": "Team: organisations, branches, members",
    "numbers": "Nummern: channel set-up, templates, costs",
    "policy": "Freigabe: the gate every message passes",
    "delivery": "Zustellung: states and their reports",
    "outbox": "Postausgang: queue, claim, send, settle",
    "inbound": "Posteingang: keep, understand, replay",
    "search": "Suche: the blind index",
    "audit": "Protokoll: who did what, chained",
    "breaches": "Datenpannen: clock, register, those concerned",
    "backup": "Sicherung: sealed, proven, restored",
    "journal": "Löschjournal: what was erased, outside the database",
    "old_chats": "Alt-Chats: exports of private phones, until each is decided",
    "offboarding": "Ausstieg: leaving private WhatsApp, declared",
}


def counted() -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """Return how many modules import across each pair of floors, and how many each floor has."""
    graph = grimp.build_graph("werkbote")
    crossing: Counter[tuple[str, str]] = Counter()
    size: Counter[str] = Counter()
    for module in graph.modules:
        floor = _floor(module)
        size[floor] += bool(floor)
        for other in graph.find_modules_directly_imported_by(module):
            if floor and _floor(other) and _floor(other) != floor:
                crossing[floor, _floor(other)] += 1
    return crossing, size


def _floor(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def arrows(picture: str) -> dict[tuple[str, str], int]:
    """Return the arrows a picture shows, with their counts."""
    found = re.findall(r'data-from="(\w+)" data-to="(\w+)" data-count="(\d+)"', picture)
    return {(source, target): int(count) for source, target, count in found}


def floors() -> str:
    """Return the picture of the floors as SVG; an arrow's number is how many imports it stands for.

    Arrows to the next floor are drawn; what reaches further down is named in the box it starts at.
    """
    crossing, size = counted()
    near = sorted((pair, count) for pair, count in crossing.items() if _rows_down(*pair) == 1)
    parts = [_line(source, target, count) for (source, target), count in near]
    parts += [_box(name, size[name], _far(name, crossing)) for name in _PLACES]
    parts += [_label(source, target, count) for (source, target), count in near]
    return _FRAME.format(width=_WIDTH, height=_HEIGHT, parts="\n".join([*parts, _SIMULATOR]))


def _rows_down(source: str, target: str) -> int:
    return _PLACES[target][1] - _PLACES[source][1]


def _far(name: str, crossing: Counter[tuple[str, str]]) -> str:
    """Return the arrows that pass a floor, as marked text."""
    found = [
        f'<tspan data-from="{name}" data-to="{target}" data-count="{count}">{target} {count}</tspan>'
        for (source, target), count in sorted(crossing.items())
        if source == name and _rows_down(source, target) > 1
    ]
    return "also " + ", ".join(found) if found else ""


_FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"
 aria-label="The floors of the house and how many imports go from one to another; all go down">
<style>
.box {{ fill: #ffffff; stroke: #1f3a5f; stroke-width: 1.5; }}
.name {{ font: 600 17px sans-serif; fill: #14263e; text-anchor: middle; }}
.says {{ font: 12.5px sans-serif; fill: #4a5a70; text-anchor: middle; }}
.arrow {{ fill: none; stroke: #7d8fa8; stroke-width: 1.4; marker-end: url(#tip); }}
.far {{ font: italic 11.5px sans-serif; fill: #4a5a70; text-anchor: middle; }}
.count {{ font: 12px sans-serif; fill: #14263e; text-anchor: middle; paint-order: stroke;
  stroke: #f4f7fb; stroke-width: 4px; }}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"
 orient="auto"><path d="M0 0 8 4 0 8z" fill="#7d8fa8"/></marker></defs>
<rect width="{width}" height="{height}" fill="#f4f7fb"/>
{parts}
</svg>
"""

_SIMULATOR = """<rect class="box" x="826" y="294" width="156" height="62" rx="8" stroke-dasharray="5 4"/>
<text class="name" x="904" y="320">graphsim</text>
<text class="says" x="904" y="341">apart: HTTP only</text>"""


def _corner(name: str) -> tuple[int, int]:
    column, row = _PLACES[name]
    return _LEFT + column * _STEP[0], _TOP + row * _STEP[1]


def _box(name: str, modules: int, further: str) -> str:
    x, y = _corner(name)
    middle = x + _BOX[0] // 2
    shown = (
        f'<rect class="box" x="{x}" y="{y}" width="{_BOX[0]}" height="{_BOX[1]}" rx="8"/>\n'
        f'<text class="name" x="{middle}" y="{y + 24}">{name}</text>\n'
        f'<text class="says" x="{middle}" y="{y + 43}">{_SAYS[name]} · {modules}</text>'
    )
    if further:
        shown += f'\n<text class="far" x="{middle}" y="{y + 61}">{further}</text>'
    return shown


def _ends(source: str, target: str) -> tuple[float, float, float, float]:
    """Return where an arrow leaves and arrives, spread along the edges so that arrows part."""
    (x1, y1), (x2, y2) = _corner(source), _corner(target)
    below = [name for name in _PLACES if _rows_down(source, name) == 1]
    above = [name for name in _PLACES if _rows_down(name, target) == 1]
    below.sort(key=lambda name: _PLACES[name][0])
    above.sort(key=lambda name: _PLACES[name][0])
    out = (below.index(target) + 1) / (len(below) + 1)
    come = (above.index(source) + 1) / (len(above) + 1)
    return x1 + _BOX[0] * out, y1 + _BOX[1], x2 + _BOX[0] * come, y2


def _points(source: str, target: str) -> tuple[float, ...]:
    x1, y1, x2, y2 = _ends(source, target)
    third = (y2 - y1) / 3
    return x1, y1, x1, y1 + third, x2, y2 - third, x2, y2


def _line(source: str, target: str, count: int) -> str:
    x1, y1, ax, ay, bx, by, x2, y2 = _points(source, target)
    return (
        f'<path class="arrow" data-from="{source}" data-to="{target}" data-count="{count}"'
        f' d="M{x1:.0f} {y1:.0f} C{ax:.0f} {ay:.0f} {bx:.0f} {by:.0f} {x2:.0f} {y2:.0f}"/>'
    )


def _label(source: str, target: str, count: int) -> str:
    """Return an arrow's count, near its beginning, where arrows to one place are still apart."""
    x1, y1, ax, ay, bx, by, x2, y2 = _points(source, target)
    at = 15 / max(18.0, y2 - y1)
    rest = 1 - at
    x = rest**3 * x1 + 3 * rest**2 * at * ax + 3 * rest * at**2 * bx + at**3 * x2
    y = rest**3 * y1 + 3 * rest**2 * at * ay + 3 * rest * at**2 * by + at**3 * y2
    return f'<text class="count" x="{x:.0f}" y="{y + 4:.0f}">{count}</text>'


def consent_states() -> str:
    """The states of a consent, from the table in the domain."""
    return (
        "# The states of a consent\n\n"
        "Drawn from `domain/consent/states.py` by `python -m tests.house.diagrams --write`. "
        "Only `granted` sends.\n\n"
        f"```mermaid\n{consent.diagram()}```\n"
    )


def states() -> str:
    """Return the page that shows how the states of messages, cases and conversations move."""
    return (
        "# The states of a message\n\n"
        "Made from `domain/delivery.py`; whatever came in is `received` and stays so.\n\n"
        f"```mermaid\n{delivery.diagram()}\n```\n\n"
        "# The states of a case\n\n"
        "Made from `domain/cases`; closing asks whether a contract came about.\n\n"
        f"```mermaid\n{cases.diagram()}\n```\n\n"
        "# The states of a conversation\n\n"
        "Made from `domain/desk`; spam and blocked stand beside them.\n\n"
        f"```mermaid\n{desk.diagram()}\n```\n"
    )


def words() -> str:
    """Return the table of house words: where each has a file."""
    shown = [floor for floor in sources.FLOORS if floor not in {"config", "papers"}]
    lines = [
        "| word | what it is | " + " | ".join(shown) + " |",
        "|---|---|" + "---|" * len(shown),
    ]
    for word, meaning in WORDS.items():
        marks = ["●" if _has(floor, word) else "" for floor in shown]
        lines.append(f"| **{word}** | {meaning} | " + " | ".join(marks) + " |")
    return "\n".join(lines)


def _has(floor: str, word: str) -> bool:
    place = sources.SOURCE / "werkbote" / floor
    return any(path.stem == word or word in path.parts[-2:-1] for path in place.rglob("*.py"))


def glossary(page: str) -> str:
    """Return the glossary with its generated table renewed."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{words()}\n{END}{after}"


def made() -> dict[Path, str]:
    """Return what each generated file should hold."""
    return {
        FLOORS: floors(),
        STATES: states(),
        CONSENT_STATES: consent_states(),
        GLOSSARY: glossary(GLOSSARY.read_text()),
    }


if __name__ == "__main__":
    for target, content in made().items():
        if "--write" in sys.argv:
            target.write_text(content)
        else:
            sys.stdout.write(content)
