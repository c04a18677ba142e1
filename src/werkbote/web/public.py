"""How pages for anyone are shown: in their own language, without session, cookie or script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation


def language(request: HttpRequest) -> str:
    """Return the language asked for by address or browser: German or English."""
    asked = request.GET.get("lang") or (translation.get_language() or "de")[:2]
    return asked if asked in {"de", "en"} else "de"


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, object],
    *,
    language: str,
    status: int = 200,
) -> HttpResponse:
    """Return a page that sets nothing on the device and tells nobody where it was opened from."""
    with translation.override(language):
        response = render(request, template, {"language": language, **context}, status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language
    return response
