"""Steps of macros and rules, carried out one after the other as parts of one deed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from werkbote.actions import drafts, outbox
from werkbote.actions.desk import assigning, doing, labelling, noting, resting
from werkbote.domain import desk
from werkbote.store import keyring, models

_ANSWER = "P-02"
"""What a reply by macro or rule is: an answer to a request."""


def carry_out(
    row: models.Conversation,
    steps: Iterable[desk.Step],
    *,
    by: doing.By,
    at: datetime,
    key: str,
) -> None:
    """Do all steps with a locked conversation; raise doing.UnableToDo where one cannot be done.

    `key` names this one run, so that a reply is not sent twice.
    """
    for position, step in enumerate(steps):
        _do(row, step, by=by, at=at, key=f"{key}.{position}")


def _do(row: models.Conversation, step: desk.Step, *, by: doing.By, at: datetime, key: str) -> None:
    if step.act in {desk.Act.ASSIGN, desk.Act.ASSIGN_ME, desk.Act.UNASSIGN, desk.Act.TEAM}:
        _give(row, step, by=by, at=at)
    elif step.act is desk.Act.LABEL and step.target is not None:
        labelling.do_label(row, step.target, by=by, at=at)
    elif step.act is desk.Act.UNLABEL and step.target is not None:
        labelling.do_unlabel(row, step.target, by=by, at=at)
    elif step.act is desk.Act.NOTE:
        noting.do_note(row, step.text, by=by, at=at)
    elif step.act is desk.Act.REPLY:
        _reply(row, step.text, by=by, at=at, key=key)
    else:
        _rest(row, step, by=by, at=at)


def _give(row: models.Conversation, step: desk.Step, *, by: doing.By, at: datetime) -> None:
    if step.act is desk.Act.TEAM:
        assigning.do_team(row, step.target, by=by, at=at)
        return
    me = by if isinstance(by, int) else None
    members = {desk.Act.ASSIGN: step.target, desk.Act.ASSIGN_ME: me, desk.Act.UNASSIGN: None}
    assigning.do_assign(row, members[step.act], by=by, at=at)


def _rest(row: models.Conversation, step: desk.Step, *, by: doing.By, at: datetime) -> None:
    if step.act is desk.Act.SNOOZE:
        resting.do_snooze(row, at + timedelta(hours=step.hours), by=by, at=at)
    elif step.act is desk.Act.SPAM:
        resting.do_spam(row, by=by, at=at)
    elif row.state != desk.State.CLOSED:
        outcome = desk.Outcome(step.outcome or desk.Outcome.ANSWERED)
        resting.do_close(row, outcome, by=by, at=at)


def _reply(row: models.Conversation, text: str, *, by: doing.By, at: datetime, key: str) -> None:
    try:
        outbox.add(
            keys=keyring.organisation(row.organisation_id),
            conversation=row,
            draft=drafts.Draft(text=text, request_key=key[-64:]),
            purpose=_ANSWER,
            by=by if isinstance(by, int) else None,
            at=at,
        )
    except (drafts.UnableToDraft, outbox.UnableToQueue) as error:
        raise doing.UnableToDo(str(error)) from None
