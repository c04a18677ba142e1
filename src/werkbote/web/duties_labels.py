"""Words for what leaves the house and for the papers of the controller, which the tables name by codes."""

from django.utils.translation import gettext_lazy as _

from werkbote.web.labels import Words

LINE_STATES: dict[str, Words] = {
    "on": _("switched on"),
    "off": _("not set up"),
    "stopped": _("stopped by the house"),
}

ROLES: dict[str, Words] = {
    "processor": _("Processor (Art. 28 GDPR)"),
    "own": _("the house itself"),
}
