"""Which driver speaks for which channel: the only way to one."""

from types import MappingProxyType

from werkbote.channels import driver as contract
from werkbote.channels.mail import bounces as bounces
from werkbote.channels.mail import mail
from werkbote.channels.meta import client as client
from werkbote.channels.meta import management as management
from werkbote.channels.meta import whatsapp

_ALL: tuple[contract.Driver, ...] = (whatsapp.DRIVER, mail.DRIVER)
_DRIVERS = MappingProxyType({one.scheme: one for one in _ALL})


class UnknownScheme(LookupError):
    """Raised when no driver speaks for a channel."""


def driver(scheme: str) -> contract.Driver:
    """The driver of a channel such as "whatsapp"; raises `UnknownScheme`."""
    try:
        return _DRIVERS[scheme]
    except KeyError:
        known = ", ".join(sorted(_DRIVERS))
        raise UnknownScheme(
            f"No driver speaks for the channel {scheme!r}; choose one of: {known}."
        ) from None
