"""The panel beside a thread: person, vehicles, consents, cases, notes, what happened, what can be chosen."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from werkbote.reads import access
from werkbote.reads import cases as case_reads
from werkbote.reads.desk import arrangement
from werkbote.reads.inbox import naming, people
from werkbote.store import keyring, models, scope, vault

_LATEST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An internal note."""

    id: int
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened to the conversation; `what` is the name of whom or what it happened with."""

    kind: str
    actor: str
    what: str
    value: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Where the person stands with one purpose."""

    purpose: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Everything beside a thread. `members`, `teams` are those of the branch, to choose from."""

    conversation: int
    person: int
    contact: people.Contact
    branch: int
    state: str
    owner_id: int | None
    owner: str
    team_id: int | None
    team: str
    snoozed_until: datetime | None
    outcome: str
    spam: bool
    blocked: bool
    labels: tuple[naming.Label, ...]
    offered: tuple[naming.Label, ...]
    notes: tuple[Note, ...]
    events: tuple[Event, ...]
    consents: tuple[Consent, ...]
    suppressed: bool
    cases: tuple[case_reads.Case, ...]
    vehicles: tuple[case_reads.Vehicle, ...]
    members: tuple[naming.Named, ...]
    teams: tuple[naming.Named, ...]
    macros: tuple[naming.Named, ...]


def panel(*, viewer: access.Viewer, conversation: int) -> Panel:
    """Return the panel of a conversation; raise access.UnableToSee where it is not the viewer's."""
    access.check_conversation(viewer, conversation)
    keys = keyring.organisation(viewer.organisation)
    keyhole = people.Keyhole(keys)
    with scope.looking(organisation=viewer.organisation):
        row = models.Conversation.objects.select_related("person", "number", "owner", "team").get(
            id=conversation
        )
        members = naming.members_at(keys, row.number.branch_id)
        labels = naming.labels(keys)
        worn = set(
            models.ConversationLabel.objects.filter(conversation=row).values_list(
                "label_id", flat=True
            )
        )
        teams = naming.teams_at(keys, row.number.branch_id)
        names = {one.id: one.name for one in (*members, *teams)}
        names |= {one.id: one.name for one in labels}
        return Panel(
            conversation=row.id,
            person=row.person_id,
            contact=people.contacts([row.person], keyhole)[row.person_id],
            branch=row.number.branch_id,
            state=row.state,
            owner_id=row.owner_id,
            owner=naming.member(keys, row.owner),
            team_id=row.team_id,
            team=naming.team(keys, row.team),
            snoozed_until=row.snoozed_until,
            outcome=row.outcome,
            spam=row.spam_at is not None,
            blocked=row.blocked_at is not None,
            labels=tuple(one for one in labels if one.id in worn),
            offered=tuple(one for one in labels if one.id not in worn),
            notes=_notes(keys, keyhole, row.id),
            events=_events(keys, row.id, names),
            consents=_consents(row),
            suppressed=_suppressed(row.person_id),
            cases=case_reads.of_person(viewer, keys, row.person_id),
            vehicles=case_reads.vehicles_of(keys, row.person_id),
            members=members,
            teams=teams,
            macros=tuple(
                arrangement.macro_of(keys, one)
                for one in models.Macro.objects.filter(ended_at=None).order_by("id")
            ),
        )


def _notes(
    keys: vault.OrganisationKeys, keyhole: people.Keyhole, conversation: int
) -> tuple[Note, ...]:
    rows = models.Note.objects.filter(conversation_id=conversation).select_related(
        "author", "person"
    )
    return tuple(
        Note(
            id=row.id,
            author=naming.member(keys, row.author),
            text=keyhole.of(row.person).open_text(
                row.body_sealed, table="note", row=row.id, column="body_sealed"
            ),
            at=row.created_at,
        )
        for row in rows.order_by("-created_at", "-id")[:_LATEST]
    )


def _events(
    keys: vault.OrganisationKeys, conversation: int, names: dict[int, str]
) -> tuple[Event, ...]:
    rows = models.ConversationEvent.objects.filter(conversation_id=conversation)
    return tuple(
        Event(
            kind=row.kind,
            actor=naming.member(keys, row.actor),
            what=names.get(row.target or 0, ""),
            value=row.value,
            at=row.at,
        )
        for row in rows.select_related("actor").order_by("-at", "-id")[:_LATEST]
    )


def _consents(row: models.Conversation) -> tuple[Consent, ...]:
    same = Q(person_id=row.person_id) | Q(person__merged_into_id=row.person_id)
    rows = models.Consent.objects.filter(same, branch_id=row.number.branch_id)
    return tuple(
        Consent(purpose=purpose, state=state)
        for purpose, state in rows.order_by("purpose").values_list("purpose", "state")
    )


def _suppressed(person: int) -> bool:
    same = Q(person_id=person) | Q(person__merged_into_id=person)
    prints = models.Identity.objects.filter(same).values_list("fingerprint", flat=True)
    return models.Suppression.objects.filter(fingerprint__in=list(prints)).exists()
