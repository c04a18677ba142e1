"""Writing to a person about their rights: what the gate would let leave now is queued, and nothing else."""

from datetime import datetime

from werkbote.actions import drafts, outbox
from werkbote.domain import law, policy
from werkbote.store import models, vault

_PURPOSE = "P-02"


class UnableToWrite(Exception):
    """The gate would not let this leave now; `window` tells whether their writing first would help."""

    def __init__(self, refusal: policy.Refusal) -> None:
        super().__init__(refusal.rule)
        self.window = refusal.rule is law.RuleId.WINDOW_CLOSED


def queue(
    keys: vault.OrganisationKeys,
    conversation: models.Conversation,
    draft: drafts.Draft,
    *,
    at: datetime,
) -> int:
    """Queue a message in the caller's transaction and return it; raise UnableToWrite."""
    outlook = outbox.preview(
        organisation=keys.organisation,
        conversation=conversation.id,
        draft=draft,
        purpose=_PURPOSE,
        at=at,
    )
    if isinstance(outlook, policy.Refusal):
        raise UnableToWrite(outlook)
    return outbox.add(
        keys=keys, conversation=conversation, draft=draft, purpose=_PURPOSE, by=None, at=at
    )
