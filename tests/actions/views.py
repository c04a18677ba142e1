"""The view of all that can be seen of a place, without row ids: equal for equal end states."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson

from tests.actions.happenings import Place
from werkbote.store import keyring, models, scope, vault


def view(at: Place) -> Mapping[str, Any]:
    """Everything that can be seen of a place, without row ids: equal for equal end states."""
    keys = keyring.organisation(at.dealer.organisation)
    own = {one.message: f"own{n}" for n, one in enumerate(at.ready)}
    with scope.looking(organisation=at.dealer.organisation):
        groups = _groups(keys)
        return {
            "people": _people(keys, groups),
            "reviews": _reviews(groups),
            "conversations": _conversations(groups, own),
            "messages": _messages(keys, own),
            "changes": _changes(keys),
            **_rest(),
        }


def _groups(keys: vault.OrganisationKeys) -> dict[int, str]:
    """Every person's row with the identities of all rows that are one with it."""
    found: dict[int, set[str]] = {}
    roots = {row.id: row.merged_into_id or row.id for row in models.Person.objects.all()}
    for row in models.Identity.objects.select_related("person"):
        key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
        value = key.open_text(row.value_sealed, table="identity", row=row.id, column="value_sealed")
        found.setdefault(roots[row.person_id], set()).add(value)
    return {row: " ".join(sorted(found[root])) for row, root in roots.items()}


def _people(keys: vault.OrganisationKeys, groups: Mapping[int, str]) -> list[Any]:
    stopped = {bytes(row.fingerprint) for row in models.Suppression.objects.all()}
    held = {
        groups[row.person_id]
        for row in models.Identity.objects.all()
        if bytes(row.fingerprint) in stopped
    }
    found = []
    for row in models.Person.objects.filter(merged_into=None):
        key = keys.unwrap(row.key_wrapped, person=row.id)
        name = row.name_sealed and key.open_text(
            row.name_sealed, table="person", row=row.id, column="name_sealed"
        )
        found.append((groups[row.id], name or "", groups[row.id] in held))
    return sorted(found)


def _reviews(groups: Mapping[int, str]) -> list[Any]:
    rows = models.IdentityReview.objects.filter(state="open")
    return sorted(
        (row.provider_id, groups[row.previous_id], groups[row.current_id]) for row in rows
    )


def _conversations(groups: Mapping[int, str], own: Mapping[int, str]) -> list[Any]:
    members: dict[int, list[str]] = {}
    for row in models.Message.objects.all():
        members.setdefault(row.conversation_id, []).append(own.get(row.id) or str(row.provider_id))
    return sorted(
        (
            groups[row.person_id],
            sorted(members.get(row.id, [])),
            str(row.last_inbound_at),
            str(row.last_call_at),
            str(row.last_message_at),
            str(row.last_received_at),
        )
        for row in models.Conversation.objects.all()
    )


def _messages(keys: vault.OrganisationKeys, own: Mapping[int, str]) -> list[Any]:
    files = {row.message_id: f"{row.mime} {row.provider_id}" for row in models.Media.objects.all()}
    words = Counter(row.message_id for row in models.SearchToken.objects.all())
    found = []
    for row in models.Message.objects.select_related("person"):
        key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
        body = orjson.loads(key.open(row.body, table="message", row=row.id, column="body"))
        facts = (row.kind, row.outgoing, row.historic, row.reply_to, row.forwarded, row.state)
        times = (row.at, row.sent_at, row.delivered_at, row.read_at, row.failed_at, row.priced_at)
        name = own.get(row.id, "")
        found.append(
            (
                name or str(row.provider_id),
                str(row.provider_id),
                facts,
                [str(time) for time in times],
                str(row.failure_code),
                body["text"].partition("\n\n")[0],
                orjson.dumps(body["content"], option=orjson.OPT_SORT_KEYS),
                files.get(row.id, ""),
                words[row.id],
            )
        )
    return sorted(found)


def _changes(keys: vault.OrganisationKeys) -> list[Any]:
    found = []
    for row in models.MessageChange.objects.select_related("person"):
        key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
        value = row.value_sealed and key.open_text(
            row.value_sealed, table="message_change", row=row.id, column="value_sealed"
        )
        found.append(
            (row.target, row.kind, row.provider_id, value or "", row.outgoing, str(row.at))
        )
    return sorted(found)


def _rest() -> dict[str, list[Any]]:
    meters = models.Meter.objects.values_list("month", "category", "kind", "billable", "count")
    parked = models.ParkedStatus.objects.values_list("provider_id", "status", "at", "failure_code")
    news = models.AccountNews.objects.values_list("field", "event", "at")
    templates = models.Template.objects.all()
    return {
        "meters": sorted(map(str, meters)),
        "parked": sorted(map(str, parked)),
        "odd": sorted(models.NotUnderstood.objects.values_list("field", "why")),
        "news": sorted(map(str, news)),
        "templates": sorted(
            (row.name, row.status, row.reason, str(row.changed)) for row in templates
        ),
        "tier": list(models.Number.objects.values_list("tier", "quality")),
        "bodies": sorted(set(models.WebhookEvent.objects.values_list("state", "problem"))),
    }
