"""What goes wrong, as problem+json (RFC 9457): a title, a status, and a sentence with the remedy."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, errors

from werkbote.domain import watch
from werkbote.reads import access
from werkbote.web import watching

_TITLES = {
    400: "Bad request",
    401: "No valid token",
    403: "Not within the token's scopes",
    404: "Not found",
    409: "Conflict",
    422: "Not valid",
    429: "Too many requests",
}


class Problem(Exception):
    """Something the caller can change; `status` is HTTP's, `detail` a sentence with the remedy."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def answer(status: int, detail: str, *, errors: Sequence[dict[str, Any]] = ()) -> HttpResponse:
    """Return a problem as an answer; `errors` names the places of a request that are not valid."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Problem"),
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    return JsonResponse(body, status=status, content_type="application/problem+json")


def register(api: NinjaAPI) -> None:
    """Let the API answer every failure as a problem."""

    def problem(_request: HttpRequest, error: Any) -> HttpResponse:
        return answer(error.status, error.detail)

    def unseen(_request: HttpRequest, _error: Any) -> HttpResponse:
        return answer(404, "There is no such thing for this token.")

    def invalid(_request: HttpRequest, error: Any) -> HttpResponse:
        places = [
            {"place": ".".join(str(step) for step in one["loc"]), "problem": one["msg"]}
            for one in error.errors
        ]
        return answer(422, "The request is not valid: see errors.", errors=places)

    def stranger(_request: HttpRequest, _error: Any) -> HttpResponse:
        found = answer(401, "Send a valid token: Authorization: Bearer wb_…")
        found["WWW-Authenticate"] = 'Bearer realm="werkbote"'
        return found

    def other(_request: HttpRequest, error: Any) -> HttpResponse:
        return answer(error.status_code, str(error))

    def paused(_request: HttpRequest, error: Any) -> HttpResponse:
        found = answer(429, f"{error} Retry-After says when.")
        found["Retry-After"] = str(watching.seconds_until(error))
        return found

    api.add_exception_handler(Problem, problem)
    api.add_exception_handler(watch.UnableToRead, paused)
    api.add_exception_handler(access.UnableToSee, unseen)
    api.add_exception_handler(errors.ValidationError, invalid)
    api.add_exception_handler(errors.AuthenticationError, stranger)
    api.add_exception_handler(errors.HttpError, other)
