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

SOURCES: dict[str, Words] = {
    "records": _("list of activities (Rechtsstand)"),
    "purposes": _("purposes and bases"),
    "retention": _("periods of deletion"),
    "outside": _("list of connections (Rechtsstand)"),
    "tables": _("what is kept about people"),
    "branches": _("details of the branches"),
    "recipients": _("recipients"),
    "connections": _("connections that are on"),
}
"""What a paper is made from."""

STATEMENTS: dict[str, Words] = {
    "controllers": _("Controller"),
    "address": _("Address"),
    "contact": _("Contact"),
    "officer": _("Data protection officer"),
    "joint": _("Joint controllers (Art. 26 GDPR)"),
    "recipients": _("Recipients and processors"),
    "activities": _("Activities"),
    "title": _("Name"),
    "department": _("Responsible department"),
    "purposes": _("Purposes"),
    "bases": _("Legal basis"),
    "subjects": _("Categories of people"),
    "categories": _("Categories of data"),
    "transfers": _("Transfers to third countries, with their ground"),
    "periods": _("Periods of deletion"),
    "measures": _("Measures (Art. 32 GDPR)"),
    "absent": _("Does not take place"),
}
"""What records of processing say, by the names of their parts."""


def statement(place: str) -> str:
    """Return where a statement stands, in words."""
    return " › ".join(str(STATEMENTS.get(part, part)) for part in place.split(" › "))


OFFICER: dict[str, Words] = {
    "unanswered": _("nobody has answered the question yet"),
    "not_needed": _("none needed"),
    "missing": _("needed, and nobody is appointed"),
    "untold": _("appointed, and the authority is not told yet"),
    "in_order": _("appointed and told to the authority"),
}
"""How a house stands with its data protection officer."""

GROUNDS: dict[str, Words] = {
    "people": _("20 people or more constantly work with personal data (§ 38(1) sentence 1 BDSG)."),
    "assessment": _("An impact assessment is owed (§ 38(1) sentence 2 BDSG)."),
}
"""Why a data protection officer is needed."""
