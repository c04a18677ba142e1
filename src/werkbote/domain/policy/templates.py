"""Rules about templates: approved, in the right language, filled in, and what German law calls them."""

import re
from datetime import datetime

from werkbote.domain import law
from werkbote.domain.policy import lint, purposes
from werkbote.domain.policy.decision import Refusal, refuse
from werkbote.domain.policy.facts import (
    Facts,
    GermanClass,
    Kind,
    MetaCategory,
    TemplateFacts,
    TemplateStatus,
)

MAX_PARAMETER = 1024
"""Longest text of a parameter, in characters (Meta: the body's own limit)."""

FORBIDDEN_IN_PARAMETER = re.compile(r"[\n\r\t]| {5,}")
"""Meta refuses line breaks, tabs and more than four spaces in a row inside a parameter."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, other line ends, and letters turned around: what nobody sees changes what others read."""

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def parameter_flaw(value: str) -> str:
    """Return what Meta or a reader would not accept about a parameter, empty where nothing is wrong."""
    if not value.strip():
        return "A place of the template is empty: fill it in."
    if len(value) > MAX_PARAMETER:
        return "What stands in a place is longer than 1,024 characters: shorten it."
    if FORBIDDEN_IN_PARAMETER.search(value):
        return (
            "A place of the template takes one line without tabs, and four spaces in a row at most."
        )
    if _UNSEEN.search(value):
        return "A place of the template holds signs that cannot be seen: write it anew."
    if "{{" in value or "}}" in value:
        return "A place of the template holds braces: fill in the words themselves."
    return ""


def template_known(facts: Facts, now: datetime) -> Refusal | None:
    """A template message needs a template the house knows."""
    if facts.message.kind is Kind.TEMPLATE and facts.template is None:
        return refuse(facts, law.RuleId.TEMPLATE_MISSING, now)
    return None


def template_approved(facts: Facts, now: datetime) -> Refusal | None:
    """Only what Meta has approved and not paused can be delivered."""
    template = _template(facts)
    if template is None or template.status is TemplateStatus.APPROVED:
        return None
    paused = template.status is TemplateStatus.PAUSED
    rule = law.RuleId.TEMPLATE_PAUSED if paused else law.RuleId.TEMPLATE_NOT_APPROVED
    return refuse(facts, rule, now)


def template_language(facts: Facts, now: datetime) -> Refusal | None:
    """The language asked for must be the language of the approved wording."""
    template = _template(facts)
    if template is None or template.language == facts.message.language:
        return None
    return refuse(facts, law.RuleId.TEMPLATE_LANGUAGE, now)


def template_filled(facts: Facts, now: datetime) -> Refusal | None:
    """Every place of the template is filled once, and no other."""
    template = _template(facts)
    if template is None:
        return None
    if sorted(parameter.name for parameter in template.given) == sorted(template.expected):
        return None
    return refuse(facts, law.RuleId.TEMPLATE_PARAMETER_NUMBER, now)


def template_well_formed(facts: Facts, now: datetime) -> Refusal | None:
    """What is filled in has a form Meta accepts: not empty, one line, not too long in all."""
    template = _template(facts)
    if template is None:
        return None
    flawed = any(parameter_flaw(each.value) for each in template.given)
    if not flawed and not _is_too_long(template):
        return None
    return refuse(facts, law.RuleId.TEMPLATE_PARAMETER_FORM, now)


def template_class(facts: Facts, now: datetime) -> Refusal | None:
    """The template's class in German law must be that of the message, whatever Meta calls it.

    Reminders, surveys and offers are advertising (OLG Frankfurt 6 U 54/16, BGH VI ZR 225/17). What
    Meta itself calls marketing is never sent as service.
    """
    template = _template(facts)
    if template is None:
        return None
    marketing = template.meta_category is MetaCategory.MARKETING
    disputed = marketing and template.german_class is GermanClass.SERVICE
    if template.german_class is _class_of(facts) and not disputed:
        return None
    return refuse(facts, law.RuleId.TEMPLATE_CLASS, now)


def template_content(facts: Facts, now: datetime) -> Refusal | None:
    """A template neither asks for nor shows what has no place in a chat (Messaging Policy)."""
    template = _template(facts)
    if template is None:
        return None
    texts = (template.text, *(parameter.value for parameter in template.given))
    if not any(lint.lint_text(text) for text in texts):
        return None
    return refuse(facts, law.RuleId.TEMPLATE_CONTENT, now)


def template_contract(facts: Facts, now: datetime) -> Refusal | None:
    """No template concludes a contract; an approval says that it extends an order (§§ 312c, 312g BGB)."""
    template = _template(facts)
    if template is None or not lint.lint_contract(template.text):
        return None
    return refuse(facts, law.RuleId.TEMPLATE_CONTRACT, now)


def template_stoppable(facts: Facts, now: datetime) -> Refusal | None:
    """An advertising template says how to stop it (§ 7(2) Nr. 3 UWG, § 6 DDG)."""
    template = _template(facts)
    if template is None or not purposes.is_advertising(facts) or lint.names_stop(template.text):
        return None
    return refuse(facts, law.RuleId.TEMPLATE_STOP_MISSING, now)


def _template(facts: Facts) -> TemplateFacts | None:
    return facts.template if facts.message.kind is Kind.TEMPLATE else None


def _class_of(facts: Facts) -> GermanClass:
    if facts.message.role is law.Role.CONSENT_REQUEST:
        return GermanClass.CONSENT_REQUEST
    return GermanClass.ADVERTISING if purposes.is_advertising(facts) else GermanClass.SERVICE


def _is_too_long(template: TemplateFacts) -> bool:
    """Return whether the body, filled in, is longer than Meta takes (132005)."""
    given = {one.name: one.value for one in template.given}
    filled = _PLACE.sub(lambda found: given.get(found[1], ""), template.body)
    return len(filled) > MAX_PARAMETER


RULES = (
    template_known,
    template_approved,
    template_language,
    template_filled,
    template_well_formed,
    template_class,
    template_content,
    template_contract,
    template_stoppable,
)
