"""The one request that makes a message leave: POST /{number}/messages."""

from werkbote.channels import driver, outgoing
from werkbote.channels.meta import client, payloads, people, transport, wire
from werkbote.domain import failures, policy
from werkbote.domain.events import Json


async def send(
    permit: policy.Permit,  # noqa: ARG001 -- whoever sends has to hold one; the egress compares it
    message: outgoing.Outgoing,
    *,
    access: driver.Access,
    attempt: int,
) -> outgoing.Receipt:
    """Upload the file if there is one, then hand the message over; raises `driver.Unable`.

    An unclear upload is harmless, because no message has left; an unclear message is not.
    """
    file = outgoing.upload_of(message.body)
    media_id = await client.upload(file, access=access, attempt=attempt) if file else None
    try:
        answer = await transport.call(
            access,
            transport.Call(
                method="POST",
                path=(access.number, "messages"),
                body=payloads.message(message, media_id),
            ),
            attempt=attempt,
        )
        return _receipt(answer, media_id, attempt)
    except driver.Unable as problem:
        raise driver.Unable(problem.verdict, media_id=media_id) from None


def _receipt(answer: wire.Item, media_id: str | None, attempt: int) -> outgoing.Receipt:
    message = _first(answer.get("messages"))
    provider_id = wire.ident(message.get("id"))
    if provider_id is None:
        raise driver.Unable(failures.unanswered(failures.Transport.UNREADABLE, attempt))
    contact = _first(answer.get("contacts"))
    return outgoing.Receipt(
        provider_id=provider_id,
        held=message.get("message_status") == "held_for_quality_assessment",
        party=people.party(contact.get("wa_id"), contact.get("user_id")),
        media_id=media_id,
    )


def _first(value: Json) -> wire.Item:
    return wire.item(value[0]) if isinstance(value, list) and value else {}
