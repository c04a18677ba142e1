"""The papers of the controller's duties as tables, in the language of whoever takes them out."""

from collections.abc import Iterator

from django.utils.translation import gettext

from werkbote.reads import duties
from werkbote.web import duties_labels, labels, tables


def connections(found: duties.Outside) -> Iterator[tables.Row]:
    """Yield the list as a table, the head first."""
    yield (
        gettext("Connection"),
        gettext("Destination"),
        gettext("Recipient"),
        gettext("Is by law"),
        gettext("Right now"),
        gettext("Protocol"),
        gettext("Encryption"),
        gettext("Purpose"),
        gettext("Categories of data"),
        gettext("Agreement"),
        gettext("Country"),
        gettext("Passes on to"),
        gettext("Switched by"),
        gettext("Opened by"),
    )
    for one in (*found.recipients, *found.own):
        yield (
            one.title,
            one.destination,
            one.name,
            labels.of(duties_labels.ROLES, one.role),
            labels.of(duties_labels.LINE_STATES, one.state),
            one.protocol,
            one.encryption,
            one.purpose,
            one.data,
            one.agreement,
            one.country,
            one.onward,
            one.switch,
            ", ".join(one.rooms),
        )
