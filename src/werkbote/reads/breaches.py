"""Breaches as screens and papers show them: the register, one case with its clock, who is concerned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from werkbote.domain import breaches, team
from werkbote.reads import access
from werkbote.reads.inbox import people
from werkbote.store import breaches as store
from werkbote.store import keyring, models, rechtsstand, scope, vault

_ZONE = ZoneInfo("Europe/Berlin")

MOST_PEOPLE = 500
_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One case of the register."""

    id: int
    kind: str
    state: str
    risk: str
    branch: str
    aware_at: datetime
    told_at: datetime | None
    closed_at: datetime | None
    people_count: int
    clock: breaches.Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of the notification with what was written about it."""

    name: str
    article: str
    title_de: str
    title_en: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case in full. `people` are the first of those concerned; `frozen` counts who is not written to."""

    entry: Entry
    branch: int
    company: str
    happened_at: datetime | None
    informed_at: datetime | None
    records_count: int
    points: Sequence[Point]
    reasons: str
    lessons: str
    people: Sequence[people.Contact]
    frozen: int
    authority: str
    form: str
    form_checked_on: str
    hint: Mapping[str, str]
    letter: Mapping[str, breaches.Letter]
    must_tell_authority: bool
    must_tell_people: bool
    untold: int


def _law(now: datetime) -> breaches.BreachLaw:
    return rechtsstand.breach(now.astimezone(_ZONE).date())


def register(*, viewer: access.Viewer, now: datetime) -> list[Entry]:
    """Return the cases of the viewer's branches, open ones first, then the newest."""
    access.check_right(viewer, team.Right.HANDLE_BREACHES)
    keys, law = keyring.organisation(viewer.organisation), _law(now)
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.Breach.objects.filter(branch__in=viewer.branches)
            .select_related("branch")
            .order_by("-aware_at", "-id")[:_PAGE]
        )
    rows.sort(key=lambda row: row.state == breaches.State.CLOSED)
    return [_entry(keys, row, law=law, now=now) for row in rows]


def hint(*, now: datetime) -> Mapping[str, str]:
    """Return, by language, that a report is not used against who reports (§ 42(4), § 43(4) BDSG)."""
    return _law(now).hint


def waiting(*, viewer: access.Viewer) -> int:
    """Return how many cases wait for an assessment or a report."""
    with scope.looking(organisation=viewer.organisation):
        return models.Breach.objects.filter(
            branch__in=viewer.branches,
            state__in=[breaches.State.OPEN, breaches.State.ASSESSED],
        ).count()


def _entry(
    keys: vault.OrganisationKeys, row: models.Breach, *, law: breaches.BreachLaw, now: datetime
) -> Entry:
    name = keys.main.open_text(
        row.branch.name_sealed, table="branch", row=row.branch_id, column="name_sealed"
    )
    return Entry(
        id=row.id,
        kind=row.kind,
        state=row.state,
        risk=row.risk,
        branch=name,
        aware_at=row.aware_at,
        told_at=row.told_at,
        closed_at=row.closed_at,
        people_count=row.people_count,
        clock=breaches.clock(
            aware_at=row.aware_at, told_at=row.told_at or row.closed_at, law=law, now=now
        ),
    )


def check_case(*, viewer: access.Viewer, breach: int) -> None:
    """Raise access.UnableToSee unless the case is of a branch of the viewer."""
    access.check_right(viewer, team.Right.HANDLE_BREACHES)
    with scope.looking(organisation=viewer.organisation):
        seen = models.Breach.objects.filter(id=breach, branch__in=viewer.branches).exists()
    if not seen:
        raise access.UnableToSee("There is no such breach.")


def case(*, viewer: access.Viewer, breach: int, now: datetime) -> Case:
    """Return one case; raise access.UnableToSee where there is none."""
    access.check_right(viewer, team.Right.HANDLE_BREACHES)
    keys, law = keyring.organisation(viewer.organisation), _law(now)
    with scope.looking(organisation=viewer.organisation):
        rows = models.Breach.objects.filter(id=breach, branch__in=viewer.branches)
        row = rows.select_related("branch").first()
        if row is None:
            raise access.UnableToSee("There is no such breach.")
        concerned = models.Person.objects.filter(
            id__in=models.BreachPerson.objects.filter(breach=row).values("person_id")
        )
        frozen = concerned.filter(wrong_number_at__isnull=False).count()
        shown = list(concerned.order_by("id")[:MOST_PEOPLE])
        contacts = people.contacts(shown, people.Keyhole(keys))
        untold = models.BreachPerson.objects.filter(breach=row, told_at=None).count()
    made = _case(keys, row, law=law, now=now, contacts=list(contacts.values()), frozen=frozen)
    return replace(made, untold=untold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """Somebody concerned, when and how they were told, and the text they were told with."""

    contact: people.Contact
    told_at: datetime | None
    way: str
    text: str


def concerned(*, viewer: access.Viewer, breach: int) -> list[Concerned]:
    """Return everybody a case concerns; raise access.UnableToSee where there is no such case."""
    check_case(viewer=viewer, breach=breach)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        body = store.body(keys, models.Breach.objects.get(id=breach))
        rows = list(
            models.BreachPerson.objects.filter(breach=breach)
            .select_related("person")
            .order_by("person_id")
        )
        contacts = people.contacts((row.person for row in rows), people.Keyhole(keys))
    return [
        Concerned(
            contact=contacts[row.person_id],
            told_at=row.told_at,
            way=row.told_way,
            text=body.get(store.told_key(row.told_text), "") if row.told_text else "",
        )
        for row in rows
    ]


def _case(
    keys: vault.OrganisationKeys,
    row: models.Breach,
    *,
    law: breaches.BreachLaw,
    now: datetime,
    contacts: Sequence[people.Contact],
    frozen: int,
) -> Case:
    body = store.body(keys, row)
    entry = _entry(keys, row, law=law, now=now)
    form, checked = law.forms.get(row.branch.state_code, ("", ""))
    risk = breaches.Risk(row.risk)
    return Case(
        entry=entry,
        branch=row.branch_id,
        company=keys.main.open_text(
            row.branch.legal_entity_sealed,
            table="branch",
            row=row.branch_id,
            column="legal_entity_sealed",
        ),
        happened_at=row.happened_at,
        informed_at=row.informed_at,
        records_count=row.records_count,
        points=[
            Point(
                name=one.name,
                article=one.article,
                title_de=one.de,
                title_en=one.en,
                text=body.get(one.name, ""),
            )
            for one in law.contents
        ],
        reasons=body.get("reasons", ""),
        lessons=body.get("lessons", ""),
        people=contacts,
        frozen=frozen,
        authority=_authority(row.branch.state_code, now),
        form=form,
        form_checked_on=checked,
        hint=law.hint,
        letter={
            language: breaches.letter(text, body=body, branch=entry.branch)
            for language, text in law.letter.items()
        },
        must_tell_authority=breaches.must_tell_authority(risk),
        must_tell_people=breaches.must_tell_people(risk),
        untold=0,
    )


def _authority(state_code: str, now: datetime) -> str:
    """Return the authority of a Bundesland, as the notices name it."""
    names = rechtsstand.document("notice_page", day=now.astimezone(_ZONE).date())["authorities"]
    return str(names.get(state_code) or names["else"])
