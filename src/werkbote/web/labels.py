"""Words for what the tables name by codes: states, kinds, roles, problems. German by gettext."""

from datetime import date, datetime
from typing import NamedTuple

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from werkbote.domain import delivery, events, failures, law, policy, team
from werkbote.store import rechtsstand

type Words = str | Promise


class Tick(NamedTuple):
    """How far a message has come, as a sign and in words."""

    icon: str
    words: Words
    tone: str = ""


TICKS: dict[str, Tick] = {
    delivery.State.QUEUED: Tick("clock", _("Waiting to be sent")),
    delivery.State.SENDING: Tick("clock", _("Being sent")),
    delivery.State.SENT: Tick("check", _("Sent")),
    delivery.State.DELIVERED: Tick("checks", _("Delivered")),
    delivery.State.READ: Tick("checks", pgettext_lazy("message", "Read"), "read"),
    delivery.State.FAILED: Tick("alert-triangle", _("Not delivered"), "bad"),
    delivery.State.REFUSED: Tick("shield-x", _("Not sent"), "bad"),
    delivery.State.UNKNOWN: Tick("help-circle", _("Unclear whether it was sent"), "bad"),
    delivery.State.CANCELLED: Tick("ban", _("Withdrawn before sending")),
    delivery.State.RECEIVED: Tick("device-mobile", _("Written on the phone")),
}

KINDS: dict[str, Words] = {
    events.Kind.TEXT: _("Message"),
    events.Kind.IMAGE: _("Photo"),
    events.Kind.AUDIO: _("Audio"),
    events.Kind.VOICE: _("Voice note"),
    events.Kind.VIDEO: _("Video"),
    events.Kind.DOCUMENT: _("Document"),
    events.Kind.STICKER: _("Sticker"),
    events.Kind.LOCATION: _("Location"),
    events.Kind.CONTACTS: _("Contact card"),
    events.Kind.BUTTON: _("Answer by button"),
    events.Kind.INTERACTIVE: _("Message with buttons"),
    events.Kind.ORDER: _("Order"),
    events.Kind.TEMPLATE: _("Template"),
    events.Kind.SYSTEM: _("Note from WhatsApp"),
    events.Kind.MAIL: _("E-mail"),
    events.Kind.UNSUPPORTED: _("Unsupported message"),
    events.Kind.UNKNOWN: _("Message not understood yet"),
}

KIND_ICONS: dict[str, str] = {
    events.Kind.IMAGE: "photo",
    events.Kind.AUDIO: "music",
    events.Kind.VOICE: "microphone",
    events.Kind.VIDEO: "video",
    events.Kind.DOCUMENT: "file-text",
    events.Kind.STICKER: "sticker",
    events.Kind.LOCATION: "map-pin",
    events.Kind.CONTACTS: "user",
    events.Kind.ORDER: "shopping-cart",
    events.Kind.TEMPLATE: "template",
    events.Kind.SYSTEM: "info-circle",
    events.Kind.INTERACTIVE: "list-check",
    events.Kind.UNSUPPORTED: "message-question",
    events.Kind.UNKNOWN: "message-question",
}

ROLES: dict[str, Words] = {
    team.Role.OWNER: _("Owner"),
    team.Role.AGENT: _("Team member"),
    team.Role.MARKETING: _("Marketing"),
    team.Role.PRIVACY: _("Data protection"),
    team.Role.IT: _("IT"),
    team.Role.AUDITOR: _("Auditor"),
    team.Role.SUPPORT: _("Support"),
}

SCOPES: dict[str, Words] = {
    team.Scope.READ: _("Read conversations and messages"),
    team.Scope.SEND: _("Send messages (through the gate)"),
    team.Scope.DECISIONS: _("Read why something was sent or not"),
}

MEDIA_PROBLEMS: dict[str, Words] = {
    "expired": _("WhatsApp no longer holds the file; ask the person to send it again."),
    "gone": _("WhatsApp no longer holds the file; ask the person to send it again."),
    "unusable": _("The file arrived damaged or is too large."),
    "infected": _("The malware scanner found something in it; the file was not kept."),
    "unscannable": _("The file is larger than the malware scanner takes (StreamMaxLength)."),
    "stopped": _("The house has stopped this provider; it is fetched once it is released."),
    "unscanned": _("The malware scanner does not answer; it is tried again by itself."),
}

REJECTIONS: dict[str, Words] = {
    "missing": _("without a signature"),
    "wrong": _("with a wrong signature"),
    "malformed": _("with an unreadable signature"),
    "too_large": _("too large"),
}

BREACHES: dict[str, Words] = {
    "wrong_number": _("Wrong number"),
    "wrong_recipient": _("Sent to the wrong person"),
    "device_lost": _("Device lost or stolen"),
    "access": _("Somebody saw what was not theirs"),
    "loss": _("Data lost or not available"),
    "other": _("Something else"),
}

BREACH_STATES: dict[str, Words] = {
    "open": _("to be assessed"),
    "assessed": _("assessed"),
    "reported": _("reported to the authority"),
    "closed": _("closed"),
}

RISKS: dict[str, Words] = {
    "open": _("not assessed yet"),
    "none": _("unlikely to be a risk: no report, but kept in the register"),
    "some": _("a risk: report to the authority"),
    "high": _("a high risk: report, and tell those concerned"),
}

WAYS_TOLD: dict[str, Words] = {
    "letter": _("by letter"),
    "message": _("by WhatsApp"),
    "email": _("by e-mail"),
    "call": _("by phone"),
    "public": _("publicly (Art. 34(3)(c))"),
}

STEPS_REFUSED: dict[str, Words] = {
    "step": _("This step does not fit where the case stands. Assess it first."),
    "risk": _("Decide about the risk first."),
    "reasons": _("Write down the reasons: the authority will ask for them."),
    "early": _("The report cannot lie before the breach became known."),
    "delay": _("The 72 hours have passed: first write down why, it has to be reported too."),
    "unreported": _("The authority has not been told yet: report it first."),
    "uninformed": _("Those concerned have not been told yet."),
    "closed": _("The case is closed: it stays as it is."),
    "letter": _(
        "The letter lacks something: write down what happened, what it may mean, what was done and who "
        "answers questions."
    ),
}

EVIDENCE: dict[str, Words] = {
    "consent": _("Consent"),
    "case": _("Case"),
    "inbound": _("Message from the person"),
    "call": _("Call from the person"),
    "ground": _("Recorded ground"),
    "channel_opt_in": _("Opt-in to WhatsApp"),
    "agreement": _("Processor agreement"),
    "assessment": _("Impact assessment"),
}

RULES: dict[str, Words] = {
    law.RuleId.UNREADABLE: _("records cannot be read"),
    law.RuleId.NO_PURPOSE: _("no purpose"),
    law.RuleId.UNKNOWN_PURPOSE: _("purpose not on record"),
    law.RuleId.PURPOSE_NOT_FOR_MESSAGES: _("purpose not for messages"),
    law.RuleId.NO_LEGAL_BASIS: _("no legal basis"),
    law.RuleId.ERASED: _("person erased"),
    law.RuleId.RESTRICTED: _("processing restricted"),
    law.RuleId.WRONG_NUMBER: _("someone else’s number"),
    law.RuleId.NUMBER_CHANGED: _("number changed"),
    law.RuleId.MINOR_SUSPECTED: _("perhaps under 16"),
    law.RuleId.OBJECTED: _("objection"),
    law.RuleId.SUPPRESSED: _("suppression list: advertising"),
    law.RuleId.SUPPRESSED_EVERYTHING: _("suppression list: everything"),
    law.RuleId.CONSENT_MISSING: _("no consent"),
    law.RuleId.CONSENT_DECLINED: _("consent declined"),
    law.RuleId.CONSENT_PENDING: _("consent not confirmed yet"),
    law.RuleId.CONSENT_LAPSED: _("consent not confirmed in time"),
    law.RuleId.CONSENT_FROZEN: _("consent on hold"),
    law.RuleId.CONSENT_REFRESH_DUE: _("consent to be refreshed"),
    law.RuleId.CONSENT_EXPIRED: _("consent expired"),
    law.RuleId.CONSENT_WITHDRAWN: _("consent withdrawn"),
    law.RuleId.CONSENT_SUPERSEDED: _("consent for an earlier text"),
    law.RuleId.CONSENT_REQUEST_UNASKED: _("consent asked for without a request"),
    law.RuleId.RECEIPT_SENT: _("withdrawal already confirmed"),
    law.RuleId.CASE_MISSING: _("no case"),
    law.RuleId.CASE_CLOSED: _("case closed"),
    law.RuleId.INBOUND_MISSING: _("no request to answer"),
    law.RuleId.GROUND_MISSING: _("no safety ground on record"),
    law.RuleId.CHANNEL_OPT_IN_MISSING: _("WhatsApp not asked for"),
    law.RuleId.NOTICE_OUTSTANDING: _("privacy notice owed"),
    law.RuleId.WINDOW_CLOSED: _("24-hour window closed"),
    law.RuleId.TEMPLATE_MISSING: _("template unknown"),
    law.RuleId.TEMPLATE_NOT_APPROVED: _("template not approved"),
    law.RuleId.TEMPLATE_PAUSED: _("template paused"),
    law.RuleId.TEMPLATE_LANGUAGE: _("template not in this language"),
    law.RuleId.TEMPLATE_PARAMETER_NUMBER: _("template places not filled"),
    law.RuleId.TEMPLATE_PARAMETER_FORM: _("template value malformed"),
    law.RuleId.TEMPLATE_CLASS: _("template of another class"),
    law.RuleId.TEMPLATE_CONTENT: _("template asks for what must not be asked"),
    law.RuleId.TEMPLATE_CONTRACT: _("template concludes a contract"),
    law.RuleId.TEMPLATE_STOP_MISSING: _("template names no way to stop"),
    law.RuleId.QUIET_HOURS: _("quiet hours"),
    law.RuleId.HOLIDAY: _("public holiday"),
    law.RuleId.CAP_REACHED: _("maximum reached"),
    law.RuleId.AGREEMENT_MISSING: _("no processing agreement"),
    law.RuleId.PROCESSOR_BLOCKED: _("provider switched off"),
    law.RuleId.ASSISTANT_UNASSESSED: _("assistant: no impact assessment"),
    law.RuleId.ASSISTANT_UNDISCLOSED: _("assistant: not disclosed"),
    law.RuleId.ASSISTANT_RELIEVED: _("assistant: human asked for"),
    law.RuleId.ASSISTANT_OUT_OF_BOUNDS: _("assistant: out of bounds"),
}


def form_expired() -> str:
    """Return what is said about a form that is forged, foreign or too old."""
    return gettext("This form is too old or did not come from this page. Please send it again.")


_SENTENCES: tuple[Words, ...] = (
    _("The message is empty: write something first."),
    _("The text has more than 4096 characters: shorten or split it."),
    _("The text has more than 1024 characters: shorten or split it."),
    _("The file is missing: attach it again."),
    _("No template is chosen: choose one."),
    _("This conversation is not here any more; go back to the list."),
    _("There were too many tries. Wait a moment, then try again."),
    _("Say where the withdrawal was heard: phone, counter, e-mail, letter."),
    _("The present password is wrong: type it again."),
    _("There were too many tries: wait a moment, then try again."),
    _("The company's sign-in does not answer: try again later or use your password."),
    _("The company's account does not belong to a member here: ask an owner for an invitation."),
    _("Choose at least one thing the token may do."),
    _("A token is valid for 1 to 366 days: choose a number of days."),
    _("The address must begin with https:// and name a public host."),
    _("The code does not fit: type the one the app shows now."),
    _("The passkey was not made: try again."),
    _("The passkey does not fit: try again."),
    _("The passkey was copied or used twice: use another factor."),
    _("This invitation is used, withdrawn or older than seven days: ask for a new one."),
    _("This e-mail address belongs to a member already: use another one."),
    _("One of the branches does not exist: choose again."),
    _("There is no such member (any more): reload the page."),
    _("The day lies in the future: check the date."),
    _("This is the last owner: make somebody else an owner first."),
    _("This password is known from a breach: choose another one."),
    _(
        "The malware scanner does not answer, so the file was not sent: try again, or let IT "
        "look at WERKBOTE_CLAMAV with “werkbote doctor”."
    ),
    _(
        "The file is larger than your malware scanner takes: send a smaller one, or let IT "
        "raise StreamMaxLength there."
    ),
    _(
        "The malware scanner found something in the file, so it was not sent: "
        "do not open it, and tell your IT."
    ),
)  # What deeds say when they cannot; named here so that a translation is asked for.


def sentence(error: Exception | str) -> str:
    """Return what a deed said, in the present language."""
    return gettext(str(error))


class Remedy(NamedTuple):
    """What staff read about a failure: what happened, and what to do."""

    what: str
    remedy: str


class Obstacle(NamedTuple):
    """A refusal as staff read it: what stands in the way, and where the way out begins."""

    sentence: str
    article: str
    way: str
    again: datetime | None


_WAYS: dict[law.Remedy, str] = {
    law.Remedy.USE_TEMPLATE: "templates",
    law.Remedy.FIX_TEMPLATE: "templates",
    law.Remedy.CLASSIFY_TEMPLATE: "templates",
    law.Remedy.ASK_CONSENT: "consents",
    law.Remedy.AWAIT_CONFIRMATION: "consents",
    law.Remedy.VERIFY_NUMBER: "reviews",
}
"""Where a remedy is found; the others are told by the sentence alone."""


def obstacle(refusal: policy.Refusal) -> Obstacle:
    """Return a refusal in the present language, with the place where it can be cured."""
    german = get_language() == "de"
    return Obstacle(
        sentence=refusal.sentence_de if german else refusal.sentence_en,
        article=refusal.article,
        way=_WAYS.get(refusal.remedy, ""),
        again=refusal.retry_at,
    )


CONCERNS: dict[str, Words] = {
    policy.Concern.IDENTITY_DOCUMENT: _(
        "This asks for an identity paper. WhatsApp forbids it; ask to see it at the counter."
    ),
    policy.Concern.ASKS_FOR_PAYMENT_DATA: _(
        "This asks for card or account data. WhatsApp forbids it; ask on the phone or by letter."
    ),
    policy.Concern.CARD_NUMBER: _(
        "This shows a whole card number. WhatsApp forbids it; please take it out."
    ),
    policy.Concern.ACCOUNT_NUMBER: _(
        "This shows a whole account number. WhatsApp forbids it; please take it out."
    ),
    policy.Concern.CONCLUDES_CONTRACT: _(
        "This reads as if a contract were concluded in the chat. Conclude it at the business (§ 312c BGB)."
    ),
    policy.Concern.APPROVES_WITHOUT_ORDER: _(
        "Say that this extends the existing order: otherwise it is a new contract (§ 312c BGB)."
    ),
}


def concerns(text: str) -> list[str]:
    """Return what a member is warned about before such words leave, each matter once."""
    findings = (*policy.lint_text(text), *policy.lint_contract(text))
    found = dict.fromkeys(finding.concern for finding in findings)
    return [of(CONCERNS, concern) for concern in found]


def failure(code: int | None) -> Remedy:
    """Return a failed message's reason in the present language."""
    reason = failures.verdict(code, None).reason
    if get_language() == "de":
        return Remedy(reason.de, reason.remedy_de)
    return Remedy(reason.en, reason.remedy_en)


def media_problem(code: str) -> str:
    """Return why a file could not be fetched: our own code, or Meta's number."""
    if code.isdecimal() and len(code) < 10:  # noqa: PLR2004 -- no code is longer
        return failure(int(code)).what
    return of(MEDIA_PROBLEMS, code)


def purposes(day: date) -> list[tuple[str, str]]:
    """Return code and name of each purpose a message can serve, in the present language."""
    german = get_language() == "de"
    return [
        (purpose.code, purpose.name_de if german else purpose.name_en)
        for purpose in rechtsstand.on(day).purposes.values()
        if purpose.messages
    ]


def template_asks() -> str:
    """Return the name of the class of a template that asks for a consent."""
    return gettext("Question about an opt-in")


def rules() -> list[tuple[str, str]]:
    """Return code and short name of each rule of the gate, in the present language."""
    return [(rule.value, of(RULES, rule)) for rule in law.RuleId]


def purpose(code: str, day: date) -> str:
    """Return the name of a purpose; the bare code where the law of that day does not know it."""
    return dict(purposes(day)).get(code, code)


def of(table: dict[str, Words], code: str) -> str:
    """Return the words for a code; the code itself where there are none yet."""
    return str(table.get(code) or code.replace("_", " "))


def file_size(size: int) -> str:
    """Return a size in bytes as people say it."""
    return str(filesizeformat(size))
