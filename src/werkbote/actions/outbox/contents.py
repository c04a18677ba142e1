"""A claimed message with its contents in clear, as gate and channel need it; everything read in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from werkbote.actions import drafts, inbox, ledger, mailing, media, people, policy
from werkbote.channels import outgoing
from werkbote.domain import events, law
from werkbote.domain import notice as notices
from werkbote.domain import policy as gate
from werkbote.store import models, rechtsstand, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A claimed message with its contents in clear, as the channel will need it."""

    row: models.Message
    key: vault.Key
    text: str
    content: dict[str, Any]
    quoted: str | None
    file: models.Media | None


def open_all(keys: vault.OrganisationKeys, rows: Sequence[models.Message]) -> list[Opened]:
    """Return claimed messages in clear, in order. Inside a transaction."""
    quoted = _quoted(keys, rows)
    files = {
        row.message_id: row for row in models.Media.objects.filter(message__in=rows, state="stored")
    }
    found = []
    for row in rows:
        key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
        body = orjson.loads(key.open(row.body, table="message", row=row.id, column="body"))
        found.append(
            Opened(
                row=row,
                key=key,
                text=body["text"],
                content=body["content"],
                quoted=quoted.get(row.reply_to or ""),
                file=files.get(row.id),
            )
        )
    return found


def _quoted(keys: vault.OrganisationKeys, rows: Sequence[models.Message]) -> dict[str, str]:
    """Return the provider's own ids of the messages that are answered, by our names for them."""
    names = {row.reply_to for row in rows if row.reply_to}
    if not names:
        return {}
    answered = models.Message.objects.select_related("person").filter(
        number__in={row.number_id for row in rows},
        provider_id__in=names,
        provider_sealed__isnull=False,
    )
    return {
        str(row.provider_id): keys.unwrap(row.person.key_wrapped, person=row.person_id).open_text(
            row.provider_sealed, table="message", row=row.id, column="provider_sealed"
        )
        for row in answered
    }


def stoppable(
    draft: drafts.Draft, purpose: str, person: models.Person, *, at: datetime
) -> drafts.Draft:
    """Return a draft that, where it is advertising in our own words, says how to stop it (§ 6 DDG)."""
    day = at.astimezone(ledger.ZONE).date()
    known = rechtsstand.shipped_law(day).purposes.get(purpose)
    if known is None or not known.advertising or draft.role is not law.Role.PLAIN:
        return draft
    words = rechtsstand.document("optin", day=day)["stop_line"]
    return drafts.stoppable(draft, words[notices.spoken(person.language)])


def notice_for(one: Opened, notice: Mapping[str, str]) -> str:
    """Return the first-contact notice in the language of a message's person."""
    return notice[notices.spoken(one.row.conversation.person.language)]


def wish(one: Opened, notice: str) -> policy.Wish:
    """Return what the gate is asked about a message."""
    kind = events.Kind(one.row.kind)
    return policy.Wish(
        message=one.row.id,
        conversation=one.row.conversation_id,
        kind=kind,
        purpose=one.row.purpose,
        template=one.content.get("template", {}),
        carries_notice=drafts.carries(kind, one.text, notice),
        names_stop=gate.names_stop(one.text),
        notice=notice,
        role=law.Role(one.row.role),
        ground=one.row.ground,
        case=one.row.case_id,
    )


def with_notices(
    notice: Mapping[str, str],
    opened: Sequence[Opened],
    answers: Sequence[gate.Permit | gate.Refusal],
    facts: Sequence[gate.Facts],
) -> list[Opened]:
    """Put the first-contact notice into the first permitted message of each uninformed person."""
    informed: set[int] = set()
    found = []
    for one, answer, fact in zip(opened, answers, facts, strict=True):
        conversation = one.row.conversation_id
        owed = fact.notice.due and isinstance(answer, gate.Permit) and conversation not in informed
        if not owed:
            found.append(one)
            continue
        informed.add(conversation)
        if one.row.notice_version == fact.law.notice.version:
            found.append(one)  # an earlier try carried it in already
            continue
        if one.row.kind == events.Kind.TEMPLATE:
            one.row.notice_version = fact.law.notice.version
            found.append(one)  # the template says it itself
            continue
        text = drafts.with_notice(one.text, notice_for(one, notice))
        one.row.notice_version = fact.law.notice.version
        one.row.body = inbox.seal_body(one.key, message=one.row.id, text=text, content=one.content)
        found.append(replace(one, text=text))
    return found


def recipients(keys: vault.OrganisationKeys, opened: Sequence[Opened]) -> dict[int, events.Party]:
    """Return how each conversation's person is addressed: by their newest valid identities."""
    roots = {one.row.conversation.person_id: one.row.conversation_id for one in opened}
    found: dict[int, dict[str, str]] = {conversation: {} for conversation in roots.values()}
    merged = dict(
        models.Person.objects.filter(merged_into__in=roots).values_list("id", "merged_into_id")
    )
    identities = (
        models.Identity.objects.select_related("person")
        .filter(person__in=[*roots, *merged], replaced_at=None)
        .order_by("created_at", "id")
    )
    for identity in identities:
        key = keys.unwrap(identity.person.key_wrapped, person=identity.person_id)
        conversation = roots[identity.person.merged_into_id or identity.person_id]
        found[conversation][identity.scheme] = key.open_text(
            identity.value_sealed, table="identity", row=identity.id, column="value_sealed"
        )
    return {
        conversation: events.Party(
            phone=known.get(people.Scheme.PHONE),
            bsuid=known.get(people.Scheme.BSUID),
            email=known.get(people.Scheme.EMAIL),
        )
        for conversation, known in found.items()
    }


def outgoing_of(number: models.Number, one: Opened, to: events.Party) -> outgoing.Outgoing:
    """Return a message as the channel takes it; raise where it cannot be worded for it."""
    kind = events.Kind(one.row.kind)
    if kind is events.Kind.MAIL:
        body: outgoing.Body = mailing.body(number, one.row.id, text=one.text, content=one.content)
    else:
        body = drafts.body(kind, text=one.text, content=one.content, media=_file(one))
    return outgoing.Outgoing(
        message_id=str(one.row.id),
        to=to,
        body=body,
        reply_to=one.quoted,
    )


def _file(one: Opened) -> outgoing.Upload | None:
    if one.file is None:
        return None
    return outgoing.Upload(
        content=b"".join(media.content(one.key, media=one.file.id)),
        mime=one.file.mime,
        filename=str(one.content.get("filename", "")) or "file",
    )
