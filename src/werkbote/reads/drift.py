"""Every setting against its privacy default (Art. 25(2) DSGVO): which differ, since when, by whom and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from werkbote.domain import drift, team
from werkbote.reads import access
from werkbote.store import drift as store
from werkbote.store import duties, keyring, models, reasons, rechtsstand, scope, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One setting: of what, as it is, as privacy would have it, and why that.

    `since`, `by` and `reason` stand where it differs. What was set outside, by the operator of the
    installation, has none until a reason is given here; `explained_by` is who gave it.
    """

    setting: str
    object: str
    name: str
    value: str
    default: str
    article: str
    why: str
    differs: bool
    since: datetime | None = None
    by: str = ""
    reason: str = ""
    explained_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What privacy asks for and nobody can switch off."""

    name: str
    article: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All settings, the ones that differ without a reason first; what is fixed; what has no default."""

    drifting: Sequence[Line]
    kept: Sequence[Line]
    fixed: Sequence[Fixed]
    without: Sequence[str]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The newest reason given for a setting: for which value, in which words, by whom."""

    value: str
    words: str
    by: str


def report(*, viewer: access.Viewer, day: date) -> Report:
    """Return how every setting stands that the viewer may see: the house's, and those of their branches."""
    access.check_right(viewer, team.Right.READ_SETTINGS)
    law, language = rechtsstand.defaults(day), viewer.language
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        names = _names(keys, viewer)
        found = [
            one
            for one in store.standing(organisation=viewer.organisation, day=day)
            if one.object in names
        ]
        notes = store.newest_notes()
        actors = {one.by for one in found} | {f"member:{row.made_by}" for row in notes.values()}
        actors.add(f"member:{viewer.member}")  # asks as often whether or not anybody is named
        members = _members(keys, actors)
        told = {
            place: _Told(
                value=row.value,
                words=reasons.words(keys, row),
                by=members.get(f"member:{row.made_by}", ""),
            )
            for place, row in notes.items()
            if row.kind == drift.Note.EXPLAINED
        }
        lines = [
            _line(one, law=law, language=language, names=names, told=told, members=members)
            for one in found
        ]
    return Report(
        drifting=sorted((one for one in lines if one.differs), key=lambda one: bool(one.reason)),
        kept=[one for one in lines if not one.differs],
        fixed=[
            Fixed(name=one.name, article=one.article, words=one.words[language])
            for one in law.fixed
        ],
        without=[one.words[language] for one in law.without],
        source=law.source,
    )


def unexplained(*, viewer: access.Viewer) -> int:
    """Return how many settings were noticed away from their default and wait for a reason.

    Nothing for who may not see them; of the house as a whole, whatever the viewer's branches.
    """
    if not viewer.can(team.Right.READ_SETTINGS):
        return 0
    with scope.looking(organisation=viewer.organisation):
        return sum(row.kind == drift.Note.NOTICED for row in store.newest_notes().values())


def _line(
    one: drift.Setting,
    *,
    law: drift.Defaults,
    language: str,
    names: Mapping[str, str],
    told: Mapping[tuple[str, str], _Told],
    members: Mapping[str, str],
) -> Line:
    default = law.settings[one.name]
    note = told.get((one.name, one.object))
    if note is not None and note.value != one.value:
        note = None
    differs = not default.is_kept(one.value)
    return Line(
        setting=one.name,
        object=one.object,
        name=names[one.object],
        value=one.value,
        default=default.value,
        article=default.article,
        why=default.why[language],
        differs=differs,
        since=one.since if differs else None,
        by=members.get(one.by, "") if differs else "",
        reason=note.words if note is not None else one.reason,
        explained_by=note.by if note is not None else "",
    )


def _names(keys: vault.OrganisationKeys, viewer: access.Viewer) -> dict[str, str]:
    """Return what the viewer's settings can be of, by object; what has a word of the screens has no name."""
    found = {
        store.HOUSE: "",
        store.INSTALLATION: "",
        f"organisation:{viewer.organisation}": "",
    }
    for branch in models.Branch.objects.filter(id__in=viewer.branches):
        found[f"branch:{branch.id}"] = keys.main.open_text(
            branch.name_sealed, table="branch", row=branch.id, column="name_sealed"
        )
    for number in models.Number.objects.filter(branch__in=viewer.branches):
        found[f"number:{number.id}"] = keys.main.open_text(
            number.label_sealed, table="number", row=number.id, column="label_sealed"
        )
    for processor in models.Processor.objects.order_by("id"):
        found[f"processor:{processor.id}"] = duties.entry(keys, processor).name or processor.code
    found |= {
        f"template:{row}": name
        for row, name in models.Template.objects.values_list("id", "name").order_by("id")
    }
    return found


def _members(keys: vault.OrganisationKeys, actors: Collection[str]) -> dict[str, str]:
    """Return the names of actors of the audit that are members of this house."""
    numbers = [int(one.removeprefix("member:")) for one in actors if one[7:].isdecimal()]
    return {
        f"member:{row.id}": keys.main.open_text(
            row.name_sealed, table="member", row=row.id, column="name_sealed"
        )
        for row in models.Member.objects.filter(id__in=numbers, organisation_id=keys.organisation)
    }
