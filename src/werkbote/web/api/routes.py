"""The routes of the API: each makes one call into reads or actions, as a page does."""

import hashlib
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Header, NinjaAPI, Path, Query, Status
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer

from werkbote.actions import drafts, outbox, watch
from werkbote.domain import events, offers, team
from werkbote.reads import access, inbox
from werkbote.web import clock
from werkbote.web.api import problems, shapes

type Row = Annotated[int, Path(ge=1, lt=2**63)]
type Cursor = Annotated[int | None, Query(ge=1, lt=2**63)]
type Limit = Annotated[int, Query(ge=1, le=100)]

_LISTED = {401: shapes.ProblemOut, 403: shapes.ProblemOut, 422: shapes.ProblemOut}
_READ = {**_LISTED, 429: shapes.ProblemOut}
_NAMED = {**_READ, 404: shapes.ProblemOut}


class _Token(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> access.Caller | None:
        """Return who calls; none is answered with 401."""
        del request
        return access.caller(token, at=clock.now())


class _Described(NinjaAPI):
    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        """Return the description, in which failures are problem+json, as they are in truth."""
        schema = super().get_openapi_schema(**more)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status, response in operation["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST:
                        plain = response["content"].pop("application/json")
                        response["content"]["application/problem+json"] = plain
        return schema


api = _Described(
    title="Werkbote",
    version="1",
    description="Conversations, messages and decisions. Everything sent passes the same gate as a "
    "member's message; refusals say why. Tokens are made by an owner under “Team”.",
    auth=_Token(),
    docs_url=None,
    urls_namespace="api",
)
problems.register(api)


def _count(request: HttpRequest, *talks: int) -> None:
    """Count the conversations that are about to be read; refuse with 429 where they are too many."""
    caller: access.Caller = request.auth  # type: ignore[attr-defined]
    reader = watch.Reader(
        organisation=caller.viewer.organisation, member=caller.viewer.member, token=caller.token
    )
    watch.look(reader=reader, persons=talks, at=clock.now())


def _caller(request: HttpRequest, wanted: team.Scope) -> access.Viewer:
    caller: access.Caller = request.auth  # type: ignore[attr-defined]
    if wanted not in caller.scopes:
        raise problems.Problem(403, f"This token lacks the scope “{wanted}”: use another one.")
    return caller.viewer


@api.get("/conversations", response={200: shapes.ConversationPage, **_READ}, tags=["read"])
def conversations(
    request: HttpRequest, cursor: Cursor = None, limit: Limit = 50
) -> shapes.ConversationPage:
    """List the conversations of the token's branches, the newest first."""
    viewer = _caller(request, team.Scope.READ)
    found = inbox.conversations(viewer=viewer, before=cursor, limit=limit)
    _count(request, *(one.id for one in found))
    return shapes.ConversationPage(
        items=[_conversation(one) for one in found],
        next=str(found[-1].id) if len(found) == limit else None,
    )


def _conversation(one: inbox.Conversation) -> shapes.ConversationOut:
    return shapes.ConversationOut(
        id=str(one.id),
        name=one.contact.name,
        phone=one.contact.phone,
        number=one.number,
        unread=one.unread,
        last_message_at=one.at,
        window_closes_at=one.window.closes_at,
    )


@api.get(
    "/conversations/{conversation}/messages",
    response={200: shapes.MessagePage, **_NAMED},
    tags=["read"],
)
def messages(
    request: HttpRequest, conversation: Row, cursor: Cursor = None, limit: Limit = 50
) -> shapes.MessagePage:
    """List the messages of a conversation, the newest first."""
    viewer = _caller(request, team.Scope.READ)
    found = inbox.thread(viewer=viewer, conversation=conversation, before=cursor, limit=limit)
    _count(request, found.id)
    return shapes.MessagePage(
        items=[_message(one) for one in reversed(found.messages)],
        next=str(found.older) if found.older is not None else None,
    )


def _message(one: inbox.Message) -> shapes.MessageOut:
    return shapes.MessageOut(
        id=str(one.id),
        conversation=str(one.conversation),
        outgoing=one.outgoing,
        kind=one.kind,
        text=one.text,
        at=one.at,
        state=one.state,
        failure_code=one.failure_code,
        author=one.author,
    )


@api.post(
    "/conversations/{conversation}/messages",
    response={202: shapes.Accepted, **_NAMED, 409: shapes.ProblemOut},
    tags=["send"],
)
def send(
    request: HttpRequest,
    conversation: Row,
    wish: Annotated[shapes.MessageIn, Body()],
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[!-~]{8,200}$")],
) -> Status[shapes.Accepted]:
    """Queue a message. The same Idempotency-Key again answers with the same message, sent once.

    A key holds within its conversation. With anything else to say or another purpose it is answered
    with 409. 202 says that it is queued; whether it may leave is the gate's answer, found in its state and
    under /messages/{id}/decisions.
    """
    viewer = _caller(request, team.Scope.SEND)
    access.check_right(viewer, team.Right.WRITE)
    access.check_conversation(viewer, conversation)
    draft = _draft(wish, key=_request_key(viewer, idempotency_key))
    try:
        message = outbox.queue_message(
            organisation=viewer.organisation,
            conversation=conversation,
            draft=draft,
            purpose=wish.purpose,
            by=viewer.member,
            at=clock.now(),
        )
    except (drafts.UnableToDraft, outbox.UnableToQueue) as error:
        raise problems.Problem(422, str(error)) from None
    if not outbox.is_repetition(
        organisation=viewer.organisation, message=message, draft=draft, purpose=wish.purpose
    ):
        raise problems.Problem(
            409, "This Idempotency-Key belongs to another message: use a new one."
        )
    found = inbox.message(viewer=viewer, message=message)
    return Status(202, shapes.Accepted(id=str(found.id), state=found.state))


def _request_key(viewer: access.Viewer, given: str) -> str:
    return "api" + hashlib.sha256(f"{viewer.member} {given}".encode()).hexdigest()[:56]


def _draft(wish: shapes.MessageIn, *, key: str) -> drafts.Draft:
    if isinstance(wish, shapes.TextIn):
        return drafts.Draft(text=wish.text, request_key=key)
    if isinstance(wish, shapes.TemplateMessageIn):
        filled = {"template": wish.template.dict()}
        return drafts.Draft(kind=events.Kind.TEMPLATE, content=filled, request_key=key)
    content = offers.content(offers.tidied(_offer(wish)))
    return drafts.Draft(
        kind=events.Kind.INTERACTIVE, text=wish.text, content=content, request_key=key
    )


def _offer(wish: shapes.ButtonsIn | shapes.ListIn) -> offers.Offer:
    if isinstance(wish, shapes.ButtonsIn):
        return offers.Offer(kind=offers.Kind.BUTTONS, buttons=tuple(wish.buttons))
    rows = tuple(offers.Row(**row.dict()) for row in wish.rows)
    return offers.Offer(kind=offers.Kind.LIST, label=wish.label, rows=rows)


@api.get("/messages/{message}", response={200: shapes.MessageOut, **_NAMED}, tags=["read"])
def message(request: HttpRequest, message: Row) -> shapes.MessageOut:
    """Show one message with its state."""
    viewer = _caller(request, team.Scope.READ)
    found = inbox.message(viewer=viewer, message=message)
    _count(request, found.conversation)
    return _message(found)


@api.get(
    "/messages/{message}/decisions",
    response={200: list[shapes.DecisionOut], **_NAMED},
    tags=["decisions"],
)
def decisions(request: HttpRequest, message: Row) -> list[shapes.DecisionOut]:
    """Show why a message was sent, or was not: the gate's answers, the newest first."""
    viewer = _caller(request, team.Scope.DECISIONS)
    found = inbox.decisions_of(viewer=viewer, message=message)
    return [
        shapes.DecisionOut(
            permitted=one.permitted,
            purpose=one.purpose,
            basis=one.basis,
            rule=one.rule,
            article=one.article,
            sentence=one.sentence,
            decided_at=one.decided_at,
        )
        for one in found
    ]


@api.get("/changes", response={200: shapes.ChangesOut, **_LISTED}, tags=["read"])
def changes(
    request: HttpRequest, since: Annotated[int, Query(ge=0, lt=2**63)] = 0
) -> shapes.ChangesOut:
    """Tell which conversations changed after change number `since`; some are named twice."""
    found = inbox.changes(viewer=_caller(request, team.Scope.READ), since=since)
    return shapes.ChangesOut(
        newest=str(found.newest),
        conversations=[str(one) for one in found.conversations],
        complete=found.complete,
    )
