"""What a page may ask the browser for: nothing of the device, but the microphone where notes are recorded."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

_DEVICES = ("camera", "display-capture", "geolocation", "midi", "payment", "serial", "usb")
_HEADER = "Permissions-Policy"


def policy(*, microphone: bool = False) -> str:
    """Return the header's words (W3C Permissions Policy)."""
    closed = ", ".join(f"{device}=()" for device in _DEVICES)
    return f"{closed}, microphone={'(self)' if microphone else '()'}"


class Closed(MiddlewareMixin):
    """Every page that says nothing of its own may use no device."""

    def process_response(
        self, _request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the answer with the header."""
        response.headers.setdefault(_HEADER, policy())
        return response
