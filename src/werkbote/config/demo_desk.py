"""What the demonstration's team did beside answering: teams and labels, cases, vehicles, what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from werkbote.actions import cases as case_deeds
from werkbote.actions import consent, desk, newsletter, numbers, people
from werkbote.config import demo_answers
from werkbote.domain import cases
from werkbote.domain import desk as words
from werkbote.domain import numbers as words_of_numbers
from werkbote.domain import team as roles

_WEEK = {str(day): [["07:30", "18:00"]] for day in range(1, 6)} | {"6": [["09:00", "13:00"]]}
_LABELS = {
    "Eilt": "red",
    "Reklamation": "orange",
    "Stammkunde": "green",
    "Versicherung": "purple",
    "Probefahrt": "blue",
}
_TEAMS = {
    "service": (roles.TeamKind.SERVICE, "Service", ("member", "lena", "marek", "vroni")),
    "sales": (roles.TeamKind.SALES, "Verkauf", ("member", "marek")),
    "parts": (roles.TeamKind.PARTS, "Teile", ("marek", "lena", "vroni")),
}
_ISSUE = "Räderwechsel ohne Warten: Schreiben Sie uns, wann es Ihnen passt."
_NUMBERS = ("number", "south_number")
"""The third one waits for its steps: so the setting up can be tried."""
_AWAY = {"branch": "vroni", "south": "lena"}
"""Who does not work at a branch."""


@dataclass(slots=True, kw_only=True)
class Desk:
    """The team's desk: its teams by branch and word, its labels by name."""

    known: Mapping[str, Any]
    teams: dict[tuple[str, str], int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)

    @property
    def organisation(self) -> int:
        """Return the dealership's row."""
        return int(self.known["organisation"])

    def arrange(self, *, at: datetime) -> None:
        """Set up both numbers, opening hours, teams with their members, labels, a newsletter."""
        by = self.known["member"]
        for number in _NUMBERS:
            self._set_up(self.known[number], by=by, at=at)
        numbers.hand_in(
            organisation=self.organisation,
            number=self.known["number"],
            draft=demo_answers.ready(demo_answers.TEMPLATE, day=at.date()),
            by=by,
            at=at,
        )
        self._write_newsletter(by=by, at=at)
        for name, colour in _LABELS.items():
            self.labels[name] = desk.create_label(
                organisation=self.organisation, name=name, colour=colour, by=by, at=at
            )
        for place, away in _AWAY.items():
            desk.arrange_branch(
                organisation=self.organisation,
                branch=self.known[place],
                told=desk.Arrangement(week=_WEEK, reply_minutes=60),
                by=by,
                at=at,
            )
            for word, (kind, name, members) in _TEAMS.items():
                made = desk.create_team(
                    organisation=self.organisation,
                    branch=self.known[place],
                    kind=kind,
                    name=name,
                    by=by,
                    at=at,
                )
                self.teams[place, word] = made
                for member in members:
                    if member != away:
                        desk.join_team(
                            organisation=self.organisation,
                            team=made,
                            member=self.known[member],
                            by=by,
                            at=at,
                        )

    def _set_up(self, number: int, *, by: int, at: datetime) -> None:
        """Take what is left of a number's steps in the lawful order."""
        common: dict[str, Any] = {
            "organisation": self.organisation,
            "number": number,
            "by": by,
            "at": at,
        }
        numbers.confirm(what=words_of_numbers.Step.CONTACT_BOOK, on_day=at.date(), **common)
        for step in (
            words_of_numbers.Step.PROFILE,
            words_of_numbers.Step.WEBHOOK,
            words_of_numbers.Step.TEMPLATES,
        ):
            numbers.take(step=step, **common)

    def look_again(self, *, at: datetime) -> None:
        """Look at both numbers once their templates have been reviewed."""
        for number in _NUMBERS:
            numbers.look(organisation=self.organisation, number=self.known[number], at=at)

    def _write_newsletter(self, *, by: int, at: datetime) -> None:
        """Begin an issue, and let somebody ask for the newsletter who has yet to confirm it."""
        branch = self.known["branch"]
        issue = newsletter.Draft(
            subject="Winterräder: ab jetzt mit Termin", text="# Bald wird es glatt\n\n" + _ISSUE
        )
        newsletter.save(
            organisation=self.organisation, branch=branch, draft=issue, issue=None, by=by, at=at
        )
        filled = newsletter.Filled(
            email="gisela@muster.example",
            language="de",
            shown_at=at,
            ip="192.0.2.1",
            user_agent="Firefox",
        )
        newsletter.request(branch=branch, filled=filled, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A conversation on the desk: rows, branch, and by whom and when something is done with it."""

    conversation: int
    person: int
    place: str
    by: int
    at: datetime

    def common(self, organisation: int) -> dict[str, Any]:
        """Return what every deed of the desk takes."""
        return {
            "organisation": organisation,
            "conversation": self.conversation,
            "by": self.by,
            "at": self.at,
        }


def begin(made: Desk, spot: Spot, told: Mapping[str, Any]) -> None:
    """Do what is done when a conversation comes in: team, and whose it is."""
    common = spot.common(made.organisation)
    if "team" in told:
        desk.assign_team(team=made.teams[spot.place, told["team"]], **common)
    if not told.get("nobody"):
        desk.assign(member=spot.by, **common)


def finish(made: Desk, spot: Spot, told: Mapping[str, Any]) -> None:
    """Do what is done in the end: labels, vehicle, case, and where the conversation stands."""
    common = spot.common(made.organisation)
    for label in told.get("label", ()):
        desk.put_label(label=made.labels[label], **common)
    vehicle = _vehicle(made, spot, told["vehicle"]) if "vehicle" in told else None
    if "case" in told:
        _case(made, spot, told, vehicle)
    if told.get("counter"):
        taken = consent.Taken(
            branch=made.known[spot.place],
            purposes=("P-04",),
            how="counter",
            given_at=spot.at,
            conversation=spot.conversation,
        )
        consent.enter(organisation=made.organisation, taken=taken, by=spot.by, at=spot.at)
    if told.get("spam"):
        desk.mark_spam(**common)
    if "snooze" in told:
        desk.snooze(until=spot.at + timedelta(hours=24 * 3 + told["snooze"]), **common)
    if "close" in told:
        desk.close(outcome=words.Outcome(told["close"]), **common)


def _vehicle(made: Desk, spot: Spot, told: Mapping[str, Any]) -> int:
    return case_deeds.record_vehicle(
        organisation=made.organisation,
        person=spot.person,
        role=cases.Role.HOLDER,
        told=cases.Vehicle(**told),
        by=spot.by,
        at=spot.at,
    )


def _case(made: Desk, spot: Spot, told: Mapping[str, Any], vehicle: int | None) -> None:
    """Open a case, file what was written in it, and let it stand where it stands."""
    wanted = told["case"]
    common: dict[str, Any] = {"organisation": made.organisation, "by": spot.by, "at": spot.at}
    team = made.teams[spot.place, told["team"]] if "team" in told else None
    details = case_deeds.Details(
        kind=cases.Kind(wanted["kind"]),
        title=wanted["title"],
        owner=spot.by,
        team=team,
        vehicle=vehicle,
        due_at=spot.at + timedelta(days=wanted["due"]) if "due" in wanted else None,
    )
    branch = made.known[spot.place]
    case = case_deeds.open_case(branch=branch, person=spot.person, details=details, **common)
    case_deeds.file_unfiled(
        conversation=spot.conversation, case=case, since=spot.at - timedelta(days=7), **common
    )
    if wanted.get("wait"):
        case_deeds.move_case(case=case, cause=cases.Cause.WAIT, **common)
    if "contract" in wanted:
        contract = cases.Contract(str(wanted["contract"]))
        case_deeds.close_case(case=case, contract=contract, **common)


def ask_whether_same(made: Desk, *, person: int, other: int, at: datetime) -> None:
    """Let somebody ask whether two people are one."""
    people.propose(
        organisation=made.organisation, person=person, other=other, by=made.known["lena"], at=at
    )
