"""The installable app: manifest, service worker, what is shown without network, and push."""

import base64
from datetime import UTC, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import push
from werkbote.reads import access
from werkbote.web import clock, door, labels, sessions

_KEPT = (
    "vendor/tabler/tabler.min.css",
    "vendor/htmx/htmx.min.js",
    "vendor/idiomorph/idiomorph-ext.min.js",
    "vendor/icons/icons.svg",
    "vendor/inter/inter-latin-wght-normal.woff2",
    "werkbote/werkbote.css",
    "werkbote/inbox.js",
    "werkbote/live.js",
    "werkbote/keys.js",
    "werkbote/lock.js",
    "werkbote/theme.js",
    "werkbote/app.js",
    "werkbote/mark.svg",
)
"""What the app keeps on the device: the look, never a page, a name or a message."""

_REPORTS_FOR = timedelta(days=180)
"""How long the named contact may be relied on; asked again, it is younger (RFC 9116: less than a year)."""
_ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))


@require_GET
def security(_request: HttpRequest) -> HttpResponseBase:
    """Send where weaknesses are reported (RFC 9116); 404 where nobody is named."""
    if not settings.WERKBOTE_SECURITY_CONTACT:
        raise Http404
    ends = (clock.now() + _REPORTS_FOR).replace(microsecond=0)
    lines = (
        f"Contact: {settings.WERKBOTE_SECURITY_CONTACT}",
        f"Expires: {ends.astimezone(UTC).isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.WERKBOTE_PUBLIC_URL}{reverse('security')}",
    )
    return HttpResponse(
        "".join(f"{one}\n" for one in lines), content_type="text/plain; charset=utf-8"
    )


@require_GET
def manifest(_request: HttpRequest) -> HttpResponseBase:
    """Send what a device must know to install the app."""
    return JsonResponse(
        {
            "id": "/",
            "name": "Werkbote",
            "short_name": "Werkbote",
            "description": gettext("WhatsApp for the workshop"),
            "lang": "de",
            "start_url": reverse("inbox"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#f3f5f6",
            "theme_color": "#10302f",
            "icons": [
                {
                    "src": static(f"werkbote/app-{size}{'-mask' if use == 'maskable' else ''}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": use,
                }
                for size, use in _ICONS
            ],
            "shortcuts": [
                {"name": gettext("Search"), "url": reverse("search")},
                {"name": gettext("Cases"), "url": reverse("cases")},
            ],
        },
        content_type="application/manifest+json",
        headers={"Cache-Control": "no-cache"},
    )


@require_GET
def worker(request: HttpRequest) -> HttpResponseBase:
    """Send the service worker: it knows the addresses of this release's static files."""
    kept = [static(name) for name in _KEPT]
    response = render(
        request,
        "app/worker.js",
        {"kept": kept, "icon": static("werkbote/app-192.png")},
        content_type="text/javascript; charset=utf-8",
    )
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def offline(request: HttpRequest) -> HttpResponseBase:
    """Show what stands there without network: nothing of anybody."""
    return render(request, "app/offline.html")


@require_GET
@door.signed_in()
def push_key(_request: HttpRequest, _viewer: access.Viewer) -> HttpResponseBase:
    """Send the key by which the browser knows that news are ours."""
    key = base64.urlsafe_b64encode(push.public_key()).rstrip(b"=").decode()
    return JsonResponse({"key": key})


@require_POST
@door.signed_in()
def push_on(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Tell this browser of news from now on, as long as its session lasts."""
    try:
        push.subscribe(
            organisation=viewer.organisation,
            entry=sessions.entry(request.session) or 0,
            endpoint=request.POST.get("endpoint", "")[:2000],
            secrets=(request.POST.get("p256dh", "")[:200], request.POST.get("auth", "")[:100]),
            by=viewer.member,
            at=clock.now(),
        )
    except push.UnableToSubscribe as error:
        return HttpResponse(labels.sentence(error), status=422, content_type="text/plain")
    return HttpResponse(status=204)


@require_POST
@door.signed_in()
def push_off(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Tell this browser no more."""
    push.unsubscribe(
        organisation=viewer.organisation,
        entry=sessions.entry(request.session) or 0,
        by=viewer.member,
        at=clock.now(),
    )
    return HttpResponse(status=204)
