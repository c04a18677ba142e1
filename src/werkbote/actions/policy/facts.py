"""Turning what was read into the facts the gate decides on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import holidays

from werkbote.actions.policy import ground as reading
from werkbote.domain import consent, events, law, notice, numbers, policy
from werkbote.store import duties, models

_PROCESSOR = "meta"
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")

MAIL = "mail"
"""The channel whose messages carry the full notice as a link, and whose form showed it before."""

_KINDS = {events.Kind.TEMPLATE: policy.Kind.TEMPLATE, events.Kind.MAIL: policy.Kind.MAIL}


def gather(wishes: Sequence[reading.Wish], *, at: datetime) -> list[policy.Facts]:
    """Return the facts of each wish, in order; a constant number of queries for any number of them."""
    ground = reading.read(wishes, at=at)
    return [_facts(ground, wish, at=at) for wish in wishes]


def _facts(ground: reading.Ground, wish: reading.Wish, *, at: datetime) -> policy.Facts:
    row = ground.conversations[wish.conversation]
    number, person = row.number, row.person
    consents = ground.consents.get((person.id, number.branch_id), {})
    held = consents.get(wish.purpose)
    by_mail = number.channel == MAIL
    suppressed = ground.suppressed.get((person.id, by_mail), {})
    scopes = unlifted(suppressed, held)
    return policy.Facts(
        law=ground.law,
        readable=ground.readable,
        message=_message(wish),
        person=_person(ground, person, scopes, consents),
        number=policy.NumberFacts(number_id=str(number.id), legal_entity=str(number.branch_id)),
        suppression=policy.SuppressionFacts(
            advertising="advertising" in scopes,
            everything_since=scopes.get("everything"),
            receipt_sent=_receipt_sent(ground, wish, person.id, suppressed),
        ),
        window=_window(ground, row),
        consent=_consent(ground, wish, held, row, at=at),
        notice=policy.NoticeFacts(
            due=not by_mail and _owes_notice(ground, row.id, at=at),
            attached=wish.carries_notice or _says_notice(ground, number, wish),
        ),
        case=_case(ground, wish, row),
        template=_template(ground, number, wish),
        processor=processor(number, stopped=ground.stopped),
        branch=_branch(ground.law, number.branch, at=at),
        caps=policy.CapFacts(sent=ground.sent.get((person.id, wish.purpose), ())),
    )


def processor(number: models.Number, *, stopped: frozenset[str]) -> policy.ProcessorFacts:
    """Return who would get what a number sends, whether that is agreed, and whether it is stopped."""
    return policy.ProcessorFacts(
        processor=number.channel if number.channel == MAIL else _PROCESSOR,
        endpoint=number.graph_url,
        agreement_id=f"number:{number.id}/agreement" if number.agreement_at else None,
        blocked=duties.recipient_of_number(number.channel, number.graph_url) in stopped,
    )


def _message(wish: reading.Wish) -> policy.MessageFacts:
    return policy.MessageFacts(
        message_id=str(wish.message),
        kind=_KINDS.get(wish.kind, policy.Kind.FREE_FORM),
        purpose=wish.purpose or None,
        author=policy.Author.STAFF,
        role=wish.role,
        ground=wish.ground or None,
        language=str(wish.template.get("language", "")) or None,
        names_stop=wish.names_stop,
    )


def unlifted(scopes: Mapping[str, datetime], held: models.Consent | None) -> Mapping[str, datetime]:
    """Return the entries of the suppression list that no newer grant of this very purpose has lifted.

    Who agrees anew, from the number itself and after the stop, wants this purpose again, and no other.
    """
    if held is None or held.state != consent.State.GRANTED or held.granted_at is None:
        return scopes
    return {scope: since for scope, since in scopes.items() if since >= held.granted_at}


def _receipt_sent(
    ground: reading.Ground, wish: reading.Wish, person: int, suppressed: Mapping[str, datetime]
) -> bool:
    """Return whether another message has confirmed the newest stop already."""
    since = max(suppressed.values(), default=None)
    if since is None:
        return True
    receipts = ground.receipts.get(person, ())
    return any(message != wish.message and sent >= since for message, sent in receipts)


def _consent(
    ground: reading.Ground,
    wish: reading.Wish,
    held: models.Consent | None,
    row: models.Conversation,
    *,
    at: datetime,
) -> policy.ConsentFacts:
    if held is None:
        return policy.ConsentFacts(purpose=wish.purpose or None)
    standing = consent.Standing(
        state=consent.State(held.state),
        since=held.since,
        requested_at=held.requested_at,
        granted_at=held.granted_at,
        last_used_at=held.last_used_at,
    )
    heard = held.last_used_at if row.number.channel == MAIL else row.last_inbound_at
    state = consent.state_at(standing, periods=ground.law.consent, now=at, last_inbound_at=heard)
    return policy.ConsentFacts(
        state=state,
        consent_id=held.record or None,
        purpose=held.purpose,
        legal_entity=str(held.branch_id),
        asked_from_number=held.asked_from_number,
    )


def _person(
    ground: reading.Ground,
    person: models.Person,
    scopes: Mapping[str, datetime],
    consents: Mapping[str, models.Consent],
) -> policy.PersonFacts:
    changed = ground.reviews.get(person.id)
    granted = [row.record for row in consents.values() if row.state == consent.State.GRANTED]
    return policy.PersonFacts(
        person_id=str(person.id),
        erased=False,
        restricted=person.restricted_at is not None,
        minor_suspected=person.minor_suspected_at is not None,
        objected_advertising="advertising" in scopes,
        objected_purposes=frozenset(
            code for code, row in consents.items() if row.state == consent.State.OBJECTED
        ),
        identity=_identity(person, changed),
        identity_changed_at=changed,
        channel_opt_in=f"consent:{min(granted)}" if granted else None,
    )


def _case(
    ground: reading.Ground, wish: reading.Wish, row: models.Conversation
) -> policy.CaseFacts | None:
    """Return the case a message stands on: the named one if it is this person's, else the newest."""
    own = ground.cases.get((row.person_id, row.number.branch_id), ())
    found = next((one for one in own if wish.case is None or one.id == wish.case), None)
    if found is None:
        return None
    purpose = ground.law.purposes.get(wish.purpose)
    grace = None
    if found.closed_at is not None and purpose is not None:
        grace = found.closed_at + timedelta(days=purpose.grace_days)
    state = policy.CaseState.OPEN if found.closed_at is None else policy.CaseState.CLOSED
    return policy.CaseFacts(case_id=str(found.id), state=state, grace_until=grace)


def _identity(person: models.Person, changed: datetime | None) -> policy.IdentityState:
    if person.wrong_number_at is not None:
        return policy.IdentityState.WRONG_NUMBER
    return policy.IdentityState.CHANGED if changed else policy.IdentityState.VERIFIED


def _window(ground: reading.Ground, row: models.Conversation) -> policy.WindowFacts:
    inbound = ground.inbound.get(row.id)
    return policy.WindowFacts(
        number_id=str(row.number_id),
        last_inbound_at=row.last_inbound_at,
        last_inbound_id=None if inbound is None else f"message:{inbound}",
        last_call_at=row.last_call_at,
        last_call_id=None if row.last_call_at is None else f"conversation:{row.id}/call",
    )


def _owes_notice(ground: reading.Ground, conversation: int, *, at: datetime) -> bool:
    told = ground.informed.get(conversation)
    rules = ground.law.notice
    given = None if told is None else notice.Given(version=rules.version, sent_at=told)
    return notice.due(given, rules=rules, now=at) is not None


def _says_notice(ground: reading.Ground, number: models.Number, wish: reading.Wish) -> bool:
    """Return whether a template, filled in, says the first-contact notice itself."""
    row = _template_row(ground, number, wish)
    if row is None or not wish.notice:
        return False
    given = wish.template.get("parameters", {})
    text = notice.PARAGRAPH.join(str(part.get("text", "")) for part in row.components)
    filled = _PLACE.sub(lambda found: str(given.get(found.group(1), "")), text)
    return notice.is_said_in(filled, wish.notice)


def _template_row(
    ground: reading.Ground, number: models.Number, wish: reading.Wish
) -> models.Template | None:
    if not wish.template:
        return None
    name, language = str(wish.template["name"]), str(wish.template["language"])
    return ground.templates.get((number.account_id, name, language))


def _template(
    ground: reading.Ground, number: models.Number, wish: reading.Wish
) -> policy.TemplateFacts | None:
    row = _template_row(ground, number, wish)
    if row is None:
        return None
    given = wish.template.get("parameters", {})
    return policy.TemplateFacts(
        name=row.name,
        language=row.language,
        status=_word(policy.TemplateStatus, row.status),
        meta_category=_word(policy.MetaCategory, row.category),
        german_class=_german_class(ground.law, row.purpose),
        text=" ".join(_texts(row.components)),
        body=next((str(one["text"]) for one in row.components if _is_body(one)), ""),
        expected=expected_parameters(row.components),
        given=tuple(
            policy.Parameter(name=str(key), value=str(value)) for key, value in given.items()
        ),
    )


def _is_body(component: Mapping[str, Any]) -> bool:
    return str(component.get("type", "")).upper() == "BODY" and "text" in component


def _texts(components: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield all fixed wording of a template: its parts, and what its buttons say."""
    for part in components:
        yield str(part.get("text", ""))
        yield from (str(button.get("text", "")) for button in part.get("buttons", ()))


def _word[T: (policy.TemplateStatus, policy.MetaCategory)](words: type[T], value: str) -> T:
    try:
        return words(value.casefold())
    except ValueError:
        return words.UNKNOWN


def _german_class(today: law.Law, purpose: str) -> policy.GermanClass:
    if purpose == numbers.ASKS:
        return policy.GermanClass.CONSENT_REQUEST
    known = today.purposes.get(purpose)
    if known is None:
        return policy.GermanClass.UNCLASSIFIED
    return policy.GermanClass.ADVERTISING if known.advertising else policy.GermanClass.SERVICE


def expected_parameters(components: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the places of a template's texts, `{{1}}` or `{{name}}`, in order, each once."""
    found: dict[str, None] = {}
    for part in components:
        for piece in str(part.get("text", "")).split("{{")[1:]:
            place, closed, _ = piece.partition("}}")
            if closed and place.strip():
                found[place.strip()] = None
    return tuple(found)


def _branch(today: law.Law, branch: models.Branch, *, at: datetime) -> policy.BranchFacts:
    year = at.astimezone(reading.ZONE).year
    return policy.BranchFacts(
        bundesland=branch.state_code,
        zone=reading.ZONE,
        holidays=_holidays(branch.state_code, year),
        hours=today.branch_hours.get(str(branch.id)),
    )


@lru_cache(maxsize=64)
def _holidays(state_code: str, year: int) -> frozenset[date]:
    """Return the public holidays of a Bundesland for a year and the one after it."""
    return frozenset(holidays.country_holidays("DE", subdiv=state_code, years=[year, year + 1]))
