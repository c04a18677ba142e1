"""What answers a request: a restriction, an objection, an erasure; each with its record."""

from datetime import datetime

from werkbote.actions import audit, ledger
from werkbote.actions.privacy import erasing, informing, requesting, targeting
from werkbote.domain import consent, privacy
from werkbote.store import keyring, models, scope
from werkbote.store import ledger as rows


def restrict(*, organisation: int, request: int, by: int, at: datetime) -> None:
    """Restrict the use of a person's data (Art. 18): stored, and not used until that ends."""
    with scope.transaction(organisation=organisation):
        row, person = open_request(request, {privacy.Kind.RESTRICTION})
        group = rows.group(person.id)
        row.notices = informing.recipients(row, group, at=at)
        targeting.rest(group, at=at)
        requesting.answered(row, result={"restricted": person.id}, by=by, at=at)


def object_(*, organisation: int, request: int, by: int, at: datetime) -> None:
    """Enter an objection (Art. 21): advertising ends everywhere, and stays ended after an erasure."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row, person = open_request(request, {privacy.Kind.OBJECTION})
        stop = ledger.Stop(
            person=person.id,
            branch=row.branch_id,
            key=f"r{row.id}",
            deed=consent.Deed.OBJECTED,
            reason="objected",
            channel=row.channel,
            occurred_at=row.created_at,
            by=f"member:{by}",
        )
        ledger.stop(keys=keys, stop=stop, at=at)
        requesting.answered(row, result={"objected": person.id}, by=by, at=at)


def erase(*, organisation: int, request: int, stop: privacy.Stop, by: int, at: datetime) -> int:
    """Ask for the erasure that a request wants and return it; when it is done, the request is answered."""
    with scope.looking(organisation=organisation):
        row = models.PersonRequest.objects.filter(id=request).first()
        if row is None or row.subject is None or row.kind != privacy.Kind.ERASURE:
            raise requesting.UnableToHandle(
                "This request asks for no erasure, or nobody knows whose."
            )
        if row.state != privacy.RequestState.OPEN:
            raise requesting.UnableToHandle("First make sure who asks; then it can be erased.")
    run = erasing.ask(
        organisation=organisation,
        person=row.subject,
        order=erasing.Order(
            trigger=privacy.Trigger.REQUEST,
            stop=stop,
            request=request,
            identified_by=row.identified_by,
        ),
        by=by,
        at=at,
    )
    with scope.transaction(organisation=organisation):
        asked = requesting.locked(request)
        asked.notices = informing.recipients(asked, rows.group(row.subject), at=at)
        asked.result = {"erasure": run}
        asked.save(update_fields=["notices", "result"])
    return run


def open_request(
    request: int, kinds: set[privacy.Kind]
) -> tuple[models.PersonRequest, models.Person]:
    """Return a request that waits for its answer, locked, with its person; raise UnableToHandle."""
    row = requesting.locked(request)
    if row.kind not in kinds:
        raise requesting.UnableToHandle("This request asks for something else.")
    if row.state != privacy.RequestState.OPEN or row.subject is None:
        raise requesting.UnableToHandle("First make sure who asks; then it can be answered.")
    person = models.Person.objects.filter(id=rows.group(row.subject)[0]).first()
    if person is None:
        raise requesting.UnableToHandle("This person is not here any more.")
    return row, person


def look(*, organisation: int, person: int, reason: str, by: int, at: datetime) -> None:
    """Write down that somebody looks at restricted data, and for which of the reasons of Art. 18(2).

    Raises UnableToHandle for any other reason.
    """
    if reason not in privacy.LOOKS:
        raise requesting.UnableToHandle("Say why you need to see this: it is written down.")
    with scope.transaction(organisation=organisation):
        subject = rows.group(person)[0]
        audit.record(
            organisation=organisation,
            by=by,
            verb="privacy.look_at_restricted",
            object=f"person:{subject}",
            detail={"reason": reason},
            at=at,
        )
