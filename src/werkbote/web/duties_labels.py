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

BASES: dict[str, Words] = {
    "": _("not decided yet"),
    "eea": _("Within the EEA"),
    "adequate": _("Adequacy decision (Art. 45 GDPR)"),
    "dpf": _("EU-US Data Privacy Framework (Art. 45 GDPR)"),
    "scc_1": _("Standard clauses, module 1: controller to controller"),
    "scc_2": _("Standard clauses, module 2: controller to processor"),
    "scc_3": _("Standard clauses, module 3: processor to processor"),
    "scc_4": _("Standard clauses, module 4: processor to controller"),
    "art_49": _("Derogation in a single case (Art. 49 GDPR)"),
}

CHECKS: dict[str, Words] = {
    "current": _("on record and current"),
    "due": _("to be looked at again"),
    "missing": _("ground not recorded"),
}
