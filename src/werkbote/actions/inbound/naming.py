"""The provider's message ids hold the customer's phone number; rows are found by keyed names instead."""

from dataclasses import replace

from werkbote.domain import events
from werkbote.store import vault


def named(keys: vault.OrganisationKeys, event: events.Event) -> events.Event:
    """Return the event with every message id replaced by its keyed name; the id itself beside it."""
    if isinstance(event, events.MessageIn):
        return replace(
            event,
            provider_id=keys.name(event.provider_id),
            reply_to=keys.name(event.reply_to) if event.reply_to else event.reply_to,
            original=event.provider_id,
        )
    if isinstance(event, events.ChangeIn):
        return replace(
            event, provider_id=keys.name(event.provider_id), target=keys.name(event.target)
        )
    if isinstance(event, events.StatusIn):
        return replace(event, provider_id=keys.name(event.provider_id), original=event.provider_id)
    if isinstance(event, events.IdentityChanged | events.CallIn):
        return replace(event, provider_id=keys.name(event.provider_id))
    return event
