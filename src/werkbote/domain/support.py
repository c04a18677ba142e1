"""Support by the vendor looking in (Fernwartung): off, and open only for hours, with reason and agreement."""

from datetime import date, datetime, timedelta

MOST_HOURS = 8
"""The longest opening: a working day. What takes longer is opened again, with its reason."""

LONGEST = 300


class UnableToOpenSupport(ValueError):
    """Support cannot be let in like this; the sentence says what is missing."""


def check_opening(
    *, hours: int, reason: str, agreement_on: date | None, stopped: bool, today: date
) -> date:
    """Return the day of the agreement; raise UnableToOpenSupport unless hours, reason and processor agreement (Art. 28(3) DSGVO) are there."""
    if not 1 <= hours <= MOST_HOURS:
        raise UnableToOpenSupport("Open it for 1 to 8 hours.")
    if not reason.strip() or len(reason) > LONGEST or not reason.isprintable():
        raise UnableToOpenSupport(
            "Say in up to 300 signs, without line breaks, why support looks in."
        )
    if agreement_on is None or agreement_on > today:
        raise UnableToOpenSupport(
            "No processor agreement with this vendor is on record: record it with its day first."
        )
    if stopped:
        raise UnableToOpenSupport("The house has stopped this vendor: release it first.")
    return agreement_on


def end(*, hours: int, at: datetime) -> datetime:
    """Return when an opening ends by itself."""
    return at + timedelta(hours=hours)
