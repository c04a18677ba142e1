"""The only way out: a permitted message, to the endpoint its permit names, outside any transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from werkbote.channels import driver, outgoing, registry
from werkbote.domain import failures, policy
from werkbote.domain.failures import Course


class NotPermitted(Exception):
    """Raised when the permit is for another message or another endpoint: nothing was sent."""


class InsideTransaction(RuntimeError):
    """Raised when a message would leave while a transaction is open: nothing was sent."""


class Stopped(Exception):
    """Raised when the house has stopped the recipient, or nobody can tell: nothing was sent."""


class UnableToSend(Exception):
    """Raised when there is no receipt; the subclass says what is certain, `verdict` says why.

    `media_id` is a file already uploaded, to be used at the next attempt.
    """

    def __init__(self, verdict: failures.Verdict, *, media_id: str | None = None) -> None:
        """Word the sentence from the verdict."""
        self.verdict = verdict
        self.media_id = media_id
        super().__init__(f"{verdict.reason.en} {verdict.reason.remedy_en}")


class Retry(UnableToSend):
    """Not accepted; try again after `failures.delay(verdict, attempt, jitter)`."""


class NumberPaused(UnableToSend):
    """Not accepted, and nothing will be until somebody acts: token, account or payment."""


class Rejected(UnableToSend):
    """Not accepted, and never will be."""


class WindowClosed(Rejected):
    """Not accepted because the customer service window is closed (131047): a template may."""


class RecipientStopped(Rejected):
    """Not accepted because the person stopped marketing on the channel (131050): withdraw."""


class OutcomeUnknown(UnableToSend):
    """It may have been accepted: never send it again without a status or a person's word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """What is asked right before the call.

    `in_transaction` tells whether the caller's database connection is inside one, `stopped` whether
    the house has stopped the recipient since the permit was given.
    """

    in_transaction: Callable[[], bool]
    stopped: Callable[[], Awaitable[bool]]


_RAISED = {
    Course.RETRY_SOON: Retry,
    Course.RETRY_LATER: Retry,
    Course.THROTTLED: Retry,
    Course.GIVE_UP: Rejected,
    Course.WINDOW_CLOSED: WindowClosed,
    Course.RECIPIENT_STOPPED: RecipientStopped,
    Course.TOKEN: NumberPaused,
    Course.ACCOUNT: NumberPaused,
    Course.PAYMENT: NumberPaused,
    Course.UNKNOWN_OUTCOME: OutcomeUnknown,
}


async def send(
    permit: policy.Permit,
    message: outgoing.Outgoing,
    *,
    access: driver.Access,
    attempt: int,
    guards: Guards,
    scheme: str = "whatsapp",
) -> outgoing.Receipt:
    """Hand one message to its channel and return the provider's receipt.

    `attempt` counts from 1. Raises `InsideTransaction`, `NotPermitted`, `Stopped`, or a subclass of
    `UnableToSend`. A
    cancelled call says nothing about the outcome: treat it like `OutcomeUnknown`.
    """
    if guards.in_transaction():
        raise InsideTransaction(
            "A message would leave inside a transaction that may still roll back; "
            "commit first, then send."
        )
    _check_permit(permit, message, access)
    if await guards.stopped():
        raise Stopped("The house has stopped this recipient; ask the gate again.")
    try:
        return await registry.driver(scheme).send(permit, message, access=access, attempt=attempt)
    except driver.Unable as problem:
        raised = _RAISED[problem.verdict.course]
        raise raised(problem.verdict, media_id=problem.media_id) from None


def _check_permit(permit: policy.Permit, message: outgoing.Outgoing, access: driver.Access) -> None:
    if permit.message_id != message.message_id:
        raise NotPermitted("The permit is for another message; ask the gate about this one.")
    if driver.endpoint_of(permit.endpoint) != access.endpoint:
        raise NotPermitted(
            f"The permit allows the endpoint {permit.endpoint}, not {access.endpoint}; "
            "record the processor's agreement and ask the gate again."
        )
