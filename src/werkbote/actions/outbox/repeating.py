"""Whether a wish that came again under its key is the same one."""

import orjson

from werkbote.actions import drafts
from werkbote.store import keyring, models, scope


def is_repetition(*, organisation: int, message: int, draft: drafts.Draft, purpose: str) -> bool:
    """Return whether a message was queued from this very draft, which brings no file, for this purpose.

    Words of the house that were put under its text since do not count.
    """
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        row = models.Message.objects.select_related("person").get(id=message)
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    body = orjson.loads(key.open(row.body, table="message", row=row.id, column="body"))
    return (
        row.kind == draft.kind
        and row.purpose == purpose
        and drafts.is_of(draft, body["text"])
        and body["content"] == orjson.loads(orjson.dumps(dict(draft.content)))
    )
