"""Amending the shipped texts, keywords, purposes and hours: a new version each time, none rewritten."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkbote.actions import audit, ledger, policy
from werkbote.actions.consent import wording
from werkbote.domain import amendments, consent, notice, quiet, withdrawal
from werkbote.domain.events import Json
from werkbote.store import ids, keyring, models, reasons, rechtsstand, scope

UnableToAmend = amendments.UnableToAmend

_MOST_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A version somebody wants: all values in which the house differs, by dotted names, and why.

    What is not named is as shipped. `anew` names purposes that now mean more than people agreed to:
    consents given for the earlier text end, and are asked for anew.
    """

    topic: str
    changes: Mapping[str, Any]
    reason: str
    anew: tuple[str, ...] = ()


def amend(*, organisation: int, wanted: Wanted, by: int, at: datetime) -> int:
    """Lay a version over a shipped law file, from now on; raise UnableToAmend with the remedy.

    Every version stays, with who made it, when and why.
    """
    if not 1 <= len(wanted.reason.strip()) <= _MOST_REASON:
        raise UnableToAmend("Say why in up to 300 signs.")
    check(organisation=organisation, topic=wanted.topic, changes=wanted.changes, at=at)
    if wanted.topic == "notice":
        _compose(organisation, wanted.changes, at=at)
    row = ids.new()
    with scope.transaction(organisation=organisation):
        models.HouseRule(
            id=row,
            organisation_id=organisation,
            topic=wanted.topic,
            changes=dict(wanted.changes),
            valid_from=at.astimezone(ledger.ZONE).date(),
            reason_sealed=reasons.sealed(
                keyring.organisation(organisation),
                wanted.reason.strip(),
                table="house_rule",
                row=row,
            ),
            made_by=by,
            created_at=at,
        ).save(force_insert=True)
        audit.record(
            organisation=organisation,
            by=by,
            verb="house.amend",
            object=f"house_rule:{row}",
            detail={
                "topic": wanted.topic,
                "names": list[Json](sorted(wanted.changes)),
                "anew": list[Json](wanted.anew),
            },
            at=at,
        )
        _supersede(organisation, wanted.anew, version=row, by=by, at=at)
    return row


def seal_reasons(*, organisation: int) -> int:
    """Seal the reasons that versions and settings of before keep in plain; return how many those were."""
    count = 0
    while True:
        with scope.transaction(organisation=organisation):
            found = reasons.seal_old(organisation)
        if not found:
            return count
        count += found


def _supersede(
    organisation: int, purposes: Collection[str], *, version: int, by: int, at: datetime
) -> None:
    """End the consents that were given for an earlier, narrower text."""
    held = models.Consent.objects.filter(
        purpose__in=list(purposes), state__in=[consent.State.GRANTED, consent.State.REFRESH_DUE]
    ).order_by("id")
    entries = [
        ledger.Entry(
            key=f"h{version}/{row.id}",
            record=row.record,
            person=row.person_id,
            purpose=row.purpose,
            entity=row.branch_id,
            deed=consent.Deed.TEXT_CHANGED,
            occurred_at=at,
            by=f"member:{by}",
        )
        for row in held
    ]
    if entries:
        ledger.enter(keys=keyring.organisation(organisation), entries=entries, at=at)


def preview(
    *, organisation: int, branch: int, topic: str, changes: Mapping[str, Any], at: datetime
) -> list[tuple[str, str]]:
    """Return question and box as they would read for a branch, by purpose; stores nothing.

    Raises UnableToAmend for what could not stand.
    """
    check(organisation=organisation, topic=topic, changes=changes, at=at)
    day = at.astimezone(ledger.ZONE).date()
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        words = wording.of(keys, models.Branch.objects.get(id=branch), at=at)
    if topic == "purposes":
        words = words.with_rules(rechtsstand.tried(topic, changes, day=day))
        codes = sorted({name.partition(".")[0] for name in changes} & wording.purposes(words.rules))
    else:
        shipped = rechtsstand.shipped(topic, day=day)
        words = words.with_document(amendments.laid_over(shipped, changes))
        codes = [words.offered[0]]
    return [
        text for code in codes for text in ((code, words.request(code)), (code, words.box(code)))
    ]


def preview_hours(
    *, organisation: int, branches: Collection[int], changes: Mapping[str, Any], at: datetime
) -> Mapping[int, quiet.Hours]:
    """Return when advertising could reach people from each branch; stores nothing."""
    check(organisation=organisation, topic="hours", changes=changes, at=at)
    found = rechtsstand.tried("hours", changes, day=at.astimezone(ledger.ZONE).date())
    return {
        branch: found.branch_hours.get(str(branch), found.advertising_hours) for branch in branches
    }


def preview_words(
    *, organisation: int, changes: Mapping[str, Any], at: datetime
) -> list[tuple[str, withdrawal.Scope]]:
    """Return how each added word would be read; stores nothing."""
    check(organisation=organisation, topic="withdrawal", changes=changes, at=at)
    found = rechtsstand.tried_words(changes, day=at.astimezone(ledger.ZONE).date())
    added = [word for reading in amendments.ENDING for word in changes.get(reading, [])]
    return [(word, withdrawal.read(word, found).scope) for word in added]


def preview_notice(
    *, organisation: int, branch: int, changes: Mapping[str, Any], at: datetime
) -> str:
    """Return the first-contact notice as it would read for a branch; stores nothing.

    Raises UnableToAmend for what could not stand at every branch.
    """
    check(organisation=organisation, topic="notice", changes=changes, at=at)
    return _compose(organisation, changes, at=at)[branch]


def _compose(organisation: int, changes: Mapping[str, Any], *, at: datetime) -> dict[int, str]:
    """Return the notice of every branch; a notice that could not be sent would hold all messages back."""
    keys = keyring.organisation(organisation)
    rules = rechtsstand.tried("notice", changes, day=at.astimezone(ledger.ZONE).date()).notice
    with scope.looking(organisation=organisation):
        houses = {row.id: policy.house(keys, row) for row in models.Branch.objects.order_by("id")}
    try:
        made = {
            (branch, language): notice.compose(house, rules=rules, language=language).text
            for branch, house in houses.items()
            for language in amendments.LANGUAGES
        }
    except notice.UnableToComposeNotice:
        raise UnableToAmend(
            "With company and link the notice is too long to send: 320 signs are allowed."
        ) from None
    return {branch: made[branch, "de"] for branch in houses}


def _check_notice(changes: Mapping[str, Any], at: datetime) -> None:
    del at  # its rules do not depend on the day
    for name, value in changes.items():
        top, _, rest = name.partition(".")
        language, _, element = rest.partition(".")
        if (
            top != "elements"
            or language not in amendments.LANGUAGES
            or element not in amendments.NOTICE
        ):
            raise UnableToAmend("This cannot be changed here.")
        amendments.check_notice(element, str(value))


def check(*, organisation: int, topic: str, changes: Mapping[str, Any], at: datetime) -> None:
    """Raise UnableToAmend, with the remedy, for changes that could not stand."""
    if topic not in amendments.TOPICS:
        raise UnableToAmend("This cannot be changed here.")
    with scope.looking(organisation=organisation):
        _CHECKS[topic](changes, at)


def _check_hours(changes: Mapping[str, Any], at: datetime) -> None:
    shipped = rechtsstand.shipped("hours", day=at.astimezone(ledger.ZONE).date())["advertising"]
    if not set(changes) <= {"branches", *(f"advertising.{name}" for name in shipped)}:
        raise UnableToAmend("This cannot be changed here.")
    given = {name: changes.get(f"advertising.{name}", shipped[name]) for name in shipped}
    own = changes.get("branches", {})
    known = {str(row) for row in models.Branch.objects.values_list("id", flat=True)}
    if not set(own) <= known or any(set(hours) != set(shipped) for hours in own.values()):
        raise UnableToAmend("Hours of its own can have a branch of this house.")
    for hours in (given, *own.values()):
        amendments.check_hours(hours["opens"], hours["closes"], hours["weekdays"])


def _check_purposes(changes: Mapping[str, Any], at: datetime) -> None:
    shipped = rechtsstand.shipped("purposes", day=at.astimezone(ledger.ZONE).date())
    entries = {entry["code"]: entry for entry in shipped["purposes"]}
    for name, value in changes.items():
        code, _, part = name.partition(".")
        if code not in entries:
            raise UnableToAmend("There is no such purpose.")
        amendments.check_purpose(entries[code], part, value)


def _check_words(changes: Mapping[str, Any], at: datetime) -> None:
    day = at.astimezone(ledger.ZONE).date()
    amendments.check_words(changes)
    fixed = rechtsstand.tried_words({}, day=day)
    document = rechtsstand.document("optin", day=day)
    asking = {wording.fold(one["keyword"]) for one in document["keywords"]}
    asking |= {wording.fold(one) for one in document["page_keywords"]}
    for word in (word for found in changes.values() for word in found):
        if withdrawal.read(word, fixed).scope in _SURE:
            raise UnableToAmend("One of these words ends messages already; it need not be added.")
        plain = set(wording.fold(word).split()) - fixed.fillers
        if not plain or wording.fold(word) in asking:
            raise UnableToAmend("One of these words is said every day, or is a keyword of yours.")


def _check_optin(changes: Mapping[str, Any], at: datetime) -> None:
    day = at.astimezone(ledger.ZONE).date()
    opt_in = wording.purposes(rechtsstand.on(day))
    for name, value in changes.items():
        text, _, language = name.rpartition(".")
        if text in amendments.TEXTS and language in amendments.LANGUAGES:
            amendments.check_text(text, str(value))
        elif name == "keywords":
            found = [
                amendments.Keyword(
                    words=wording.fold(one["keyword"]), purposes=tuple(one["purposes"])
                )
                for one in value
            ]
            amendments.check_keywords(found, opt_in=opt_in)
            _check_no_stop([keyword.words for keyword in found], at=at)
        elif name == "purposes":
            if not value or not set(value) <= opt_in:
                raise UnableToAmend("Choose purposes that need a consent.")
        else:
            raise UnableToAmend("This cannot be changed here.")


def _check_no_stop(keywords: list[str], *, at: datetime) -> None:
    vocabulary = rechtsstand.words(at.astimezone(ledger.ZONE).date())
    for words in keywords:
        if withdrawal.read(words, vocabulary).scope is not withdrawal.Scope.NONE:
            raise UnableToAmend("This keyword reads like a withdrawal: choose other words.")


_SURE = frozenset({withdrawal.Scope.ADVERTISING, withdrawal.Scope.EVERYTHING})
_CHECKS: Mapping[str, Callable[[Mapping[str, Any], datetime], None]] = {
    "optin": _check_optin,
    "hours": _check_hours,
    "notice": _check_notice,
    "purposes": _check_purposes,
    "withdrawal": _check_words,
}
