"""Histories of consent for the tests: complete evidence, events by short notation."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from werkbote.domain import consent
from werkbote.store import rechtsstand

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
PERIODS = rechtsstand.on(date(2026, 11, 23)).consent

EVIDENCE = consent.Evidence(
    subject=consent.Subject(person_id="person-1", number="+491713920001"),
    legal_entity="Muster Autohaus GmbH",
    purposes=("P-05",),
    channel="WhatsApp, Anbieter WhatsApp Ireland/Meta",
    wording=consent.Wording(rendered="Ja, ich möchte …", language="de", version_hash="ab" * 32),
    presentation=consent.Presentation(kind="form", reference="qr-7", snapshot_hash="cd" * 32),
    act="tick",
    times=consent.Times(
        zone="Europe/Berlin",
        shown_at=START,
        given_at=START,
        request_sent_at=START,
        confirmed_at=START,
    ),
    confirmation=consent.Confirmation(
        outbound_id="wamid.1", inbound_id="wamid.2", body_hash="ef" * 32, signature_valid=True
    ),
)


def event(
    deed: consent.Deed,
    *,
    hours: float = 0,
    record: str = "record-1",
    event_id: str | None = None,
    from_number: bool = True,
    evidence: consent.Evidence | None = EVIDENCE,
) -> consent.Event:
    return consent.Event(
        event_id=event_id or f"{deed}-{hours}-{record}",
        record_id=record,
        deed=deed,
        occurred_at=START + timedelta(hours=hours),
        by="person-1",
        from_number=from_number,
        evidence=evidence,
    )


def granted(*, hours: float = 0, record: str = "record-1") -> tuple[consent.Event, consent.Event]:
    return (
        event(consent.Deed.REQUESTED, hours=hours, record=record),
        event(consent.Deed.CONFIRMED, hours=hours + 1, record=record),
    )


EVENTS = st.builds(
    event,
    st.sampled_from(list(consent.Deed)),
    hours=st.integers(min_value=0, max_value=60),
    record=st.sampled_from(["record-1", "record-2", "record-3"]),
    event_id=st.uuids().map(str),
    from_number=st.booleans(),
    evidence=st.sampled_from([EVIDENCE, None]),
)
HISTORIES = st.lists(EVENTS, max_size=12)
