"""The contract of everything that is no message: statuses, calls, people, templates, account, history."""

import pytest

from tests.channels.meta import bodies
from tests.channels.meta.bodies import (
    ACCOUNT,
    ANNA,
    ANNA_ID,
    BERND,
    DISPLAY,
    KNOWN,
    NUMBER,
    PHONE_ONLY,
    RECEIVED,
    SENT,
    STAMP,
    Item,
)
from werkbote.domain import events
from werkbote.domain.events import ChangeKind, Failure, Kind, Pricing, Status

LATER: Item = {"id": ACCOUNT, "time": int(STAMP)}


def reported(status: Status, **more: object) -> events.StatusIn:
    held: dict[str, object] = {
        "number": NUMBER,
        "provider_id": "wamid.1",
        "status": status,
        "at": SENT,
        "recipient": KNOWN,
        **more,
    }
    return events.StatusIn(**held)  # type: ignore[arg-type]


def status(value: str, **more: object) -> Item:
    item: dict[str, object] = {
        "id": "wamid.1",
        "status": value,
        "timestamp": STAMP,
        "recipient_id": ANNA,
        **more,
    }
    return {key: each for key, each in item.items() if each is not None}  # type: ignore[misc]


STATUSES: list[tuple[Item, tuple[events.Event, ...]]] = [
    (status("sent"), (reported(Status.SENT),)),
    (status("delivered", type="message"), (reported(Status.DELIVERED),)),
    (status("read"), (reported(Status.READ),)),
    (status("played"), (reported(Status.PLAYED),)),
    (status("sent", biz_opaque_callback_data="m-7"), (reported(Status.SENT, callback="m-7"),)),
    (
        status("delivered", pricing={"billable": False, "type": "free_customer_service", "category": "service"}),
        (reported(Status.DELIVERED, pricing=Pricing(category="service", kind="free_customer_service", billable=False)),),
    ),
    (
        status("sent", pricing={"category": "utility", "pricing_model": "CBP"}),
        (reported(Status.SENT, pricing=Pricing(category="utility")),),
    ),
    (
        status("failed", errors=[{"code": 131026, "title": "Undeliverable", "error_data": {"details": "Not on WhatsApp"}}]),
        (reported(Status.FAILED, failure=Failure(code=131026, title="Undeliverable", details="Not on WhatsApp")),),
    ),
    (
        status("failed", errors=[{"code": "131050", "message": "Stopped"}, {"code": 1, "details": "x"}]),
        (
            reported(Status.FAILED, failure=Failure(code=131050, title="Stopped")),
            events.ErrorIn(number=NUMBER, failure=Failure(code=1, details="x"), at=SENT),
        ),
    ),
    (status("failed"), (reported(Status.FAILED),)),
    (status("sent", recipient_id=None), (reported(Status.SENT, recipient=None),)),
    (status("failed", recipient_id=None, recipient_user_id="DE.9"), (reported(Status.FAILED, recipient=events.Party(bsuid="DE.9")),)),
    (
        status("read", recipient_type="group", recipient_id="G", recipient_participant_id=BERND),
        (reported(Status.READ, recipient=PHONE_ONLY),),
    ),
    (status("read", recipient_type="group", recipient_id="G"), (reported(Status.READ, recipient=None),)),
    (
        status("RINGING", type="call"),
        (events.CallIn(number=NUMBER, provider_id="wamid.1", party=KNOWN, at=SENT, event="ringing", inbound=False),),
    ),
    (
        status("failed", type="payment"),
        (
            events.AccountEvent(
                account=ACCOUNT, number=NUMBER, field="payment", event="failed", at=SENT,
                content=status("failed", type="payment"),
            ),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("item", "expected"), STATUSES)
def test_status_of_every_kind(item: Item, expected: tuple[events.Event, ...]) -> None:
    assert bodies.read_change(bodies.change(statuses=[item])) == expected


@pytest.mark.parametrize(
    ("direction", "caller", "called", "inbound"),
    [
        ("USER_INITIATED", ANNA, DISPLAY, True),
        ("BUSINESS_INITIATED", DISPLAY, ANNA, False),
        ("BUSINESS_INITIATED", ANNA, DISPLAY, False),  # Meta's own example names us as called
        (None, ANNA, DISPLAY, True),
        (None, DISPLAY, ANNA, False),
    ],
)
def test_call_belongs_to_the_other_side(
    direction: str | None, caller: str, called: str, *, inbound: bool
) -> None:
    call: Item = {
        "id": "wacid.1",
        "from": caller,
        "to": called,
        "event": "connect",
        "timestamp": STAMP,
        "direction": direction,
    }
    assert bodies.read_change(bodies.change("calls", calls=[call])) == (
        events.CallIn(
            number=NUMBER,
            provider_id="wacid.1",
            party=KNOWN,
            at=SENT,
            event="connect",
            inbound=inbound,
        ),
    )


@pytest.mark.parametrize("value", ["stop", "resume", "signup"])
def test_preference_set_in_whatsapp(value: str) -> None:
    item: Item = {
        "wa_id": ANNA,
        "category": "marketing_messages",
        "value": value,
        "detail": "User requested it",
        "timestamp": int(STAMP),
    }
    assert bodies.read_change(bodies.change("user_preferences", user_preferences=[item])) == (
        events.PreferenceIn(
            number=NUMBER,
            party=KNOWN,
            at=SENT,
            category="marketing_messages",
            value=value,
            detail="User requested it",
        ),
    )


def test_new_phone_number_is_a_changed_identity() -> None:
    item = bodies.message(
        "system",
        system={"type": "user_changed_number", "wa_id": BERND, "body": "Neue Nummer"},
        from_user_id=None,
    )
    assert bodies.read_change(bodies.change(messages=[item], contacts=[])) == (
        events.IdentityChanged(
            number=NUMBER,
            provider_id="wamid.1",
            previous=events.Party(phone=f"+{ANNA}"),
            current=PHONE_ONLY,
            at=SENT,
            note="Neue Nummer",
        ),
    )


@pytest.mark.parametrize(("address", "phone"), [(ANNA, f"+{ANNA}"), (None, None)])
def test_new_user_id_is_a_changed_identity(address: str | None, phone: str | None) -> None:
    item: Item = {
        "wa_id": address,
        "detail": "Neue Kennung",
        "user_id": {"previous": "DE.1", "current": "DE.2"},
        "timestamp": STAMP,
    }
    made = bodies.change(
        "user_id_update",
        user_id_update=[item],
        contacts=[{"profile": {"name": "Anna Muster"}, "wa_id": address}] if address else [],
    )
    assert bodies.read_change(made) == (
        events.IdentityChanged(
            number=NUMBER,
            provider_id="user_id_update:DE.1:DE.2",
            previous=events.Party(phone=phone, bsuid="DE.1"),
            current=events.Party(
                phone=phone, bsuid="DE.2", name="Anna Muster" if address else None
            ),
            at=SENT,
            note="Neue Kennung",
        ),
    )


TEMPLATE: Item = {
    "message_template_id": 11,
    "message_template_name": "hu",
    "message_template_language": "de",
}


@pytest.mark.parametrize(
    ("field", "more", "value", "reason"),
    [
        ("message_template_status_update", {"event": "APPROVED", "reason": "NONE"}, "APPROVED", "NONE"),
        (
            "message_template_status_update",
            {"event": "REJECTED", "reason": "SCAM", "rejection_info": {"reason": "Zu dicht"}},
            "REJECTED",
            "Zu dicht",
        ),
        ("message_template_status_update", {"event": "FLAGGED", "reason": None}, "FLAGGED", ""),
        ("message_template_quality_update", {"new_quality_score": "RED"}, "RED", ""),
        ("template_category_update", {"new_category": "MARKETING"}, "MARKETING", ""),
        ("template_correct_category_detection", {"correct_category": "MARKETING"}, "MARKETING", ""),
        ("message_template_components_update", {"message_template_element": "Hallo"}, "", ""),
    ],
)  # fmt: skip
def test_template_news(field: str, more: Item, value: str, reason: str) -> None:
    made: Item = {**LATER, "changes": [{"field": field, "value": {**TEMPLATE, **more}}]}
    assert bodies.read(bodies.body(made)) == (
        events.TemplateChanged(
            account=ACCOUNT,
            template_id="11",
            name="hu",
            language="de",
            change=field,
            value=value,
            reason=reason,
            at=SENT,
            content={**TEMPLATE, **more},
        ),
    )


@pytest.mark.parametrize(
    ("field", "value", "event"),
    [
        ("account_update", {"event": "PARTNER_REMOVED"}, "PARTNER_REMOVED"),
        ("account_review_update", {"decision": "APPROVED"}, "APPROVED"),
        ("account_alerts", {"alert_type": "LIMIT"}, "LIMIT"),
        ("account_settings_update", {"type": "phone_number_settings"}, "phone_number_settings"),
        ("business_capability_update", {"max_daily_conversation_per_phone": 1000}, ""),
        ("business_status_update", {"event": "COMPROMISED"}, "COMPROMISED"),
        ("phone_number_name_update", {"decision": "REJECTED"}, "REJECTED"),
        ("phone_number_quality_update", {"event": "FLAGGED"}, "FLAGGED"),
        ("payment_configuration_update", {"status": "Active"}, "Active"),
        ("flows", {"event": "FLOW_STATUS_CHANGE", "message": "x"}, "FLOW_STATUS_CHANGE"),
        ("security", {"event": "PIN_CHANGED"}, "PIN_CHANGED"),
        ("partner_solutions", {"event": "SOLUTION_CREATED"}, "SOLUTION_CREATED"),
        ("automatic_events", {"automatic_events": [{"event_name": "Purchase"}]}, ""),
    ],
)
def test_account_news(field: str, value: Item, event: str) -> None:
    made: Item = {**LATER, "changes": [{"field": field, "value": value}]}
    assert bodies.read(bodies.body(made)) == (
        events.AccountEvent(account=ACCOUNT, field=field, event=event, at=SENT, content=value),
    )


def test_group_news() -> None:
    group: Item = {"group_id": "G", "type": "group_create", "timestamp": STAMP}
    assert bodies.read_change(bodies.change("group_lifecycle_update", groups=[group])) == (
        events.AccountEvent(
            account=ACCOUNT,
            number=NUMBER,
            field="group_lifecycle_update",
            event="group_create",
            at=SENT,
            content=group,
        ),
    )


def test_error_beside_the_messages() -> None:
    found = bodies.read_change(bodies.change(errors=[{"code": 131035, "title": "Lost"}]))
    assert found == (
        events.ErrorIn(number=NUMBER, failure=Failure(code=131035, title="Lost"), at=RECEIVED),
    )


def test_contacts_of_the_phone_app_are_counted_and_not_kept() -> None:
    shared: list[Item] = [
        {"type": "contact", "contact": {"full_name": "Bernd", "phone_number": BERND}, "action": action}
        for action in ("add", "add", "remove")
    ]  # fmt: skip
    made = bodies.change("smb_app_state_sync", state_sync=shared)  # type: ignore[arg-type]
    found = bodies.read_change(made)
    assert found == (
        events.AccountEvent(
            account=ACCOUNT,
            number=NUMBER,
            field="smb_app_state_sync",
            event="contacts_discarded",
            at=RECEIVED,
            content={"contacts": 3, "add": 2, "remove": 1},
        ),
    )
    assert BERND not in repr(found)


def remembered(provider_id: str, sender: str, **more: object) -> Item:
    return {
        "from": sender,
        "id": provider_id,
        "timestamp": STAMP,
        "type": "text",
        "text": {"body": provider_id},
        "history_context": {"status": "READ"},
        **more,  # type: ignore[dict-item]
    }


def test_history_tells_who_wrote_and_how_far_it_has_come() -> None:
    chunk: Item = {
        "metadata": {"phase": 0, "chunk_order": 1, "progress": 55},
        "threads": [
            {"id": ANNA, "messages": [remembered("w1", ANNA), remembered("w2", DISPLAY)]},
            {
                "id": BERND,
                "context": {"user_id": "DE.5", "username": "bernd"},
                "messages": [remembered("w3", DISPLAY, to=BERND), {"kaputt": True}],
            },
        ],
    }
    found = bodies.read_change(bodies.change("history", history=[chunk], contacts=[]))
    anna = events.Party(phone=f"+{ANNA}")
    bernd = events.Party(phone=f"+{BERND}", bsuid="DE.5", name="bernd")
    assert found == (
        events.AccountEvent(
            account=ACCOUNT,
            number=NUMBER,
            field="history",
            event="progress",
            at=RECEIVED,
            content={"phase": 0, "chunk_order": 1, "progress": 55},
        ),
        *(
            events.MessageIn(
                number=NUMBER,
                provider_id=name,
                party=party,
                at=SENT,
                kind=Kind.TEXT,
                text=name,
                content={"history_context": {"status": "READ"}},
                outgoing=ours,
                historic=True,
            )
            for name, party, ours in (("w1", anna, False), ("w2", anna, True), ("w3", bernd, True))
        ),
        events.Unknown(
            number=NUMBER,
            field="history",
            why="The message has no id.",
            content={"kaputt": True},
            at=RECEIVED,
        ),
    )


@pytest.mark.parametrize(("sender", "ours"), [(ANNA, False), (DISPLAY, True)])
def test_history_file_that_follows_alone(sender: str, *, ours: bool) -> None:
    item = bodies.message("image", image={"id": "9"}, from_user_id=None)
    item = {**item, "from": sender, "to": ANNA}
    (event,) = bodies.read_change(bodies.change("history", messages=[item]))
    assert isinstance(event, events.MessageIn)
    assert (event.party, event.outgoing, event.historic) == (KNOWN, ours, True)


def test_history_that_was_declined() -> None:
    made = bodies.change("history", history=[{"errors": [{"code": 2593109, "title": "Off"}, {}]}])
    assert bodies.read_change(made) == (
        events.ErrorIn(number=NUMBER, failure=Failure(code=2593109, title="Off"), at=RECEIVED),
        events.Unknown(
            number=NUMBER,
            field="history",
            why="The error names no code.",
            content={},
            at=RECEIVED,
        ),
    )


def test_reaction_is_echoed_as_ours() -> None:
    item: Item = {**bodies.message("reaction", reaction={"message_id": "w0", "emoji": "👍"})}
    item = {**item, "from": DISPLAY, "from_user_id": None, "to": ANNA, "to_user_id": ANNA_ID}
    (event,) = bodies.read_change(bodies.change("smb_message_echoes", message_echoes=[item]))
    assert isinstance(event, events.ChangeIn)
    assert (event.kind, event.outgoing, event.party) == (ChangeKind.REACTION, True, KNOWN)
