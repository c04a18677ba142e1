"""An invented dealer to test with: organisation, branch, number, and a customer who writes."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from werkbote.actions import inbound, numbers, team
from werkbote.store import ids, keyring, models, scope

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday morning."""

ALICE = "491713920001"
BOB = "491713920002"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealer:
    """Ids of one invented dealer."""

    organisation: int
    branch: int
    number: int
    slug: str
    phone_number_id: str
    account_id: str
    secret: str = "app-secret"


def dealer(
    *, graph_url: str = "http://127.0.0.1:9", agreement: bool = True, per_second: int = 80
) -> Dealer:
    """Create an organisation with one branch and one number."""
    organisation = team.create_organisation(name="Autohaus Nordlicht GmbH", at=NOW)
    branch = team.create_branch(
        organisation=organisation,
        name="Hamburg",
        legal_entity="Autohaus Nordlicht GmbH",
        state_code="HH",
        by="system",
        at=NOW,
    )
    phone_number_id, account_id = str(ids.new()), str(ids.new())
    number, slug = numbers.connect(
        organisation=organisation,
        branch=branch,
        number=numbers.Connection(
            phone_number_id=phone_number_id,
            account_id=account_id,
            phone="+494066969001",
            label="Service",
            token="token",
            app_secret="app-secret",
            verify_token="verify-me",
            graph_url=graph_url,
            agreement_at=date(2026, 11, 1) if agreement else None,
            per_second=per_second,
        ),
        by="system",
        at=NOW,
    )
    return Dealer(
        organisation=organisation,
        branch=branch,
        number=number,
        slug=slug,
        phone_number_id=phone_number_id,
        account_id=account_id,
    )


def text(
    words: str,
    *,
    wa_id: str = ALICE,
    wamid: str | None = None,
    at: datetime = NOW,
    name: str = "Alice",
) -> dict[str, Any]:
    """One item pair of a webhook value: the contact and the text message."""
    return {
        "contacts": [{"wa_id": wa_id, "profile": {"name": name}}],
        "messages": [
            {
                "from": wa_id,
                "id": wamid or f"wamid.{ids.new()}",
                "timestamp": str(int(at.timestamp())),
                "type": "text",
                "text": {"body": words},
            }
        ],
    }


def status(
    word: str, *, wamid: str, at: datetime = NOW, wa_id: str = ALICE, **extra: Any
) -> dict[str, Any]:
    """One status of a webhook value."""
    return {
        "statuses": [
            {
                "id": wamid,
                "status": word,
                "timestamp": str(int(at.timestamp())),
                "recipient_id": wa_id,
                **extra,
            }
        ]
    }


def body(to: Dealer, *values: dict[str, Any], change: str = "messages") -> bytes:
    """A webhook body with one change for each value."""
    return json.dumps(
        {
            "object": "whatsapp_business_account",
            "entry": [
                {
                    "id": to.account_id,
                    "changes": [
                        {
                            "field": change,
                            "value": {
                                "messaging_product": "whatsapp",
                                "metadata": {
                                    "display_phone_number": "494066969001",
                                    "phone_number_id": to.phone_number_id,
                                },
                                **value,
                            },
                        }
                        for value in values
                    ],
                }
            ],
        }
    ).encode()


def sign(raw: bytes, secret: str = "app-secret") -> str:
    """Meta's signature header for a body."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def arrive(to: Dealer, raw: bytes, *, at: datetime = NOW) -> None:
    """Put a body where the door puts it, without a server in between."""
    keys = keyring.organisation(to.organisation)
    row = ids.new()
    with scope.transaction(organisation=to.organisation):
        models.WebhookEvent.objects.bulk_create(
            [
                models.WebhookEvent(
                    id=row,
                    organisation_id=to.organisation,
                    number_id=to.number,
                    digest=keys.digest("webhook_event", raw),
                    body=keys.main.seal(raw, table="webhook_event", row=row, column="body"),
                    received_at=at,
                )
            ],
            ignore_conflicts=True,
        )


def named(to: Dealer, wamid: str) -> str:
    """The keyed name under which a message id is kept."""
    return keyring.organisation(to.organisation).name(wamid)


def understand(to: Dealer, *, at: datetime = NOW) -> int:
    """Drain everything that waits; return how many bodies were settled."""
    count = 0
    while done := inbound.drain(organisation=to.organisation, at=at):
        count += done
    return count
