"""Which case a message belongs to: none or one, of the same person."""

from datetime import datetime

from werkbote.actions import audit
from werkbote.actions.cases import marking, opening
from werkbote.store import live, models, scope


class UnableToFile(Exception):
    """The message cannot be filed there; the sentence says why."""


def file_message(
    *, organisation: int, message: int, case: int | None, by: int | str, at: datetime
) -> None:
    """File a message in a case, or take it out with None; raise UnableToFile with the reason."""
    with scope.transaction(organisation=organisation):
        row = (
            models.Message.objects.select_related("conversation__person")
            .select_for_update(of=("self",), no_key=True)
            .filter(id=message)
            .first()
        )
        if row is None:
            raise UnableToFile("This message is not here any more; reload the page.")
        do_file(row, case=case, by=by, at=at)


def do_file(row: models.Message, *, case: int | None, by: int | str, at: datetime) -> None:
    """File a message, with its conversation and person joined, as part of another deed.

    Raises UnableToFile with the reason.
    """
    found = _case(case) if case is not None else None
    if found is not None:
        _check_same(found, row.conversation)
    row.case_id = case
    row.save(update_fields=["case"])
    if found is not None:
        marking.mark_by_rule(found, at=at)
    else:
        marking.unmark(row, at=at)
    live.announce(conversations={row.conversation_id}, at=at)
    audit.record(
        organisation=row.organisation_id,
        by=by,
        verb="cases.file_message",
        object=f"message:{row.id}",
        detail={"case": case},
        at=at,
    )


def file_unfiled(
    *,
    organisation: int,
    conversation: int,
    case: int,
    since: datetime,
    by: int | str,
    at: datetime,
) -> int:
    """File what was written since a moment and is in no case yet; return how many messages.

    Raises UnableToFile with the reason.
    """
    with scope.transaction(organisation=organisation):
        row = models.Conversation.objects.select_related("person").filter(id=conversation).first()
        if row is None:
            raise UnableToFile("This conversation is not here any more; go back to the list.")
        found = _case(case)
        _check_same(found, row)
        count = models.Message.objects.filter(conversation=row, case=None, at__gte=since).update(
            case_id=case
        )
        if count:
            marking.mark_by_rule(found, at=at)
            live.announce(conversations={conversation}, at=at)
            audit.record(
                organisation=organisation,
                by=by,
                verb="cases.file_unfiled",
                object=f"case:{case}",
                detail={"messages": count},
                at=at,
            )
    return count


def _case(case: int) -> models.Case:
    try:
        return opening.locked(case)
    except opening.UnableToChange as error:
        raise UnableToFile(str(error)) from None


def _check_same(case: models.Case, conversation: models.Conversation) -> None:
    if (case.person.merged_into_id or case.person_id) != conversation.person_id:
        raise UnableToFile("This case is another person's: choose one of this person.")
