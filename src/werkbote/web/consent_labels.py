"""Words of consent: states, deeds, where something was said, and what its deeds say when they cannot."""

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Words = str | Promise

CHANNELS: dict[str, Words] = {
    "phone": _("on the phone"),
    "counter": _("at the counter"),
    "email": _("by e-mail"),
    "letter": _("by letter"),
}

HOW: dict[str, Words] = {
    "paper": _("on paper, signed"),
    "counter": _("at the counter"),
    "phone": _("on the phone"),
    "chat": _("in the chat"),
}

OUTCOMES: dict[str, Words] = {
    "granted": _("granted: the number itself has confirmed"),
    "asked": _("asked: the number itself must confirm"),
    "frozen": _("on hold: the evidence is incomplete"),
    "known": _("known already: unchanged"),
    "suppressed": _("on the suppression list: not taken over"),
    "broken": _("not readable"),
}

CONSENT_STATES: dict[str, Words] = {
    "unknown": _("not asked"),
    "offered": _("offered"),
    "declined": _("declined"),
    "pending": _("confirmation awaited"),
    "lapsed": _("not confirmed in time"),
    "granted": _("granted"),
    "refresh_due": _("to be asked again"),
    "expired": _("expired"),
    "superseded": _("given for an earlier text"),
    "frozen": _("on hold"),
    "withdrawn": _("withdrawn"),
    "objected": _("objected"),
}

CONSENT_DEEDS: dict[str, Words] = {
    "offered": _("Offered"),
    "ignored": _("Not answered"),
    "declined": _("Declined"),
    "requested": _("Asked for by the person"),
    "confirmed": _("Confirmed from the number itself"),
    "lapsed": _("Not confirmed in time"),
    "imported": _("Taken over from elsewhere"),
    "used": _("Used for a message"),
    "refresh_fell_due": _("Must be asked again"),
    "reconfirmed": _("Confirmed again"),
    "expired": _("Expired"),
    "text_changed": _("Text changed"),
    "number_changed": _("Number changed"),
    "wrong_number": _("Wrong number"),
    "minor_suspected": _("Perhaps a minor"),
    "evidence_defect": _("Evidence incomplete"),
    "paused": _("On hold: the words were unclear"),
    "reverified": _("Confirmed to be in order"),
    "withdrawn": _("Withdrawn"),
    "meta_stopped": _("Stopped at WhatsApp"),
    "meta_resumed": _("Unblocked at WhatsApp (no consent)"),
    "objected": _("Objected"),
}

TEXTS: dict[str, Words] = {
    "request": _("Question on WhatsApp"),
    "granted": _("Thanks after the yes"),
    "receipt_advertising": _("Receipt: no advertising"),
    "receipt_everything": _("Receipt: no messages at all"),
    "ask_back": _("Question when words are unclear"),
    "stop_line": _("Line under advertising in own words"),
    "not_counted": _("Answer that does not count"),
    "own_page": _("Link to the own page"),
    "form.intro": _("Form: introduction"),
    "form.box": _("Form: sentence beside a box"),
    "form.announce": _("Form: what happens next"),
}

PURPOSE_PARTS: dict[str, Words] = {
    "name_de": _("Name (de)"),
    "name_en": _("Name (en)"),
    "detail_de": _("What you mean by it (de)"),
    "detail_en": _("What you mean by it (en)"),
    "count": _("At most so many messages"),
    "days": _("in so many days"),
}

ENDING: dict[str, Words] = {
    "advertising": _("Also ends advertising"),
    "everything": _("Also ends all messages"),
}

DAYS: dict[int, Words] = {
    1: _("Mon"),
    2: _("Tue"),
    3: _("Wed"),
    4: _("Thu"),
    5: _("Fri"),
    6: _("Sat"),
    7: _("Sun"),
}

RULE_TOPICS: dict[str, Words] = {
    "hours": _("Hours"),
    "notice": _("First-contact notice"),
    "optin": _("Texts"),
    "purposes": _("Purposes"),
    "reports": _("Figures of single members"),
    "withdrawal": _("Words of withdrawal"),
}

FIELDS: dict[int, Words] = {
    1: _("the person"),
    2: _("the company"),
    3: _("the purpose"),
    4: _("the channel"),
    5: _("the text shown"),
    6: _("where it was shown"),
    7: _("what was done"),
    8: _("the moments"),
    9: _("the confirmation from the number"),
}
"""The fields of evidence without which a consent is on hold, by their numbers."""

NOTICE: dict[str, Words] = {
    "controller": _("Notice: who answers"),
    "purpose": _("Notice: what for"),
    "transfer": _("Notice: Meta and the USA"),
    "restraint": _("Notice: what not to send"),
    "objection": _("Notice: objection, in a paragraph of its own"),
}

EVIDENCE: dict[str, Words] = {
    "ticked the box and sent the form": _("ticked the box and sent the form"),
    "switched on the own page": _("switched on, on the own page"),
    "signed the paper form": _("signed the paper form"),
    "said yes at the counter": _("said yes at the counter"),
    "said yes on the phone": _("said yes on the phone"),
    "asked for it in the chat": _("asked for it in the chat"),
    "ticked the box": _("ticked the box"),
    "web form": _("web form"),
    "counter tablet": _("counter tablet"),
    "keyword": _("keyword"),
    "QR code or link": _("QR code or link"),
    "own page": _("own page"),
    "taken by staff: paper": _("taken by staff, on paper"),
    "taken by staff: counter": _("taken by staff, at the counter"),
    "taken by staff: phone": _("taken by staff, on the phone"),
    "taken by staff: chat": _("taken by staff, in the chat"),
}
"""What evidence says about act and place, as it is stored; the JSON certificate keeps the stored words."""

TASKS: dict[str, Words] = {
    "unclear": _("The words may mean a withdrawal. Advertising is on hold until it is clear."),
    "failed": _("The words could not be read. Advertising is blocked until somebody has looked."),
}

QUOTED: dict[str, Words] = {
    "wrote": _("wrote “%(words)s”"),
    "button": _("button “%(words)s”"),
}

SENTENCES: tuple[Words, ...] = (
    _("This branch has no WhatsApp number yet: connect one first."),
    _("Choose one of your branches."),
    _("This code is in use already; choose another."),
    _("A way in needs a keyword, and a code of up to 24 letters and digits without spaces."),
    _("Keyword and code together are too long: shorten them."),
    _("This keyword reads like a withdrawal: choose other words."),
    _("Choose purposes that need a consent."),
    _("Say where it was taken: on paper, at the counter, by phone, in the chat."),
    _("The signed form is missing: add a scan or a photo of it."),
    _("A scan is a JPEG, a PNG or a PDF of at most 10 MB."),
    _("The day lies in the future: check the date."),
    _("Enter the mobile number the person uses WhatsApp with."),
    _("The file is larger than 5 MB: split it."),
    _("The file is no CSV: save it as CSV (UTF-8) from your spreadsheet."),
    _("A file holds a head and between 1 and 5000 rows."),
    _("The first row names the columns; phone and purpose must be there, and no unknown one."),
    _("This row has more or fewer cells than the head."),
    _("A cell is longer than 4000 signs."),
    _("There is no such purpose, or it is not asked for on WhatsApp."),
    _("This is no phone number."),
    _("A moment is not written like 2026-03-01T09:30 (with +01:00 where it matters)."),
    _("A moment lies in the future."),
    _("The moments are not in order: shown, given, asked, confirmed."),
    _("A text has between 1 and 900 signs."),
    _("A text lost something it must keep: compare it with the shipped one."),
    _("A text names a place in braces that nobody fills."),
    _("Between 1 and 20 keywords are possible."),
    _("A keyword stands twice."),
    _("Each keyword needs words and purposes that need a consent."),
    _("A sentence of the notice is one line of up to 900 signs."),
    _("With company and link the notice is too long to send: 320 signs are allowed."),
    _("Somebody has answered this question already."),
    _("The hours must open before they close, on at least one day."),
    _("Say why in up to 300 signs."),
    _("Write down what is said, in up to 4000 signs."),
    _("This message is no voice note of a person."),
    _("Basis and class of a purpose are law and cannot be changed here."),
    _("A purpose has a name of up to 60 signs and up to 160 that explain it, on one line."),
    _("This purpose has no frequency that could be changed."),
    _("A frequency is a number of messages in a number of days."),
    _("Messages may come less often than shipped, never more often: people agreed to that."),
    _("Words can be added that end advertising, or everything."),
    _("Up to 50 words of withdrawal can be added, each once."),
    _("A word of withdrawal has between 3 and 60 signs."),
    _("Hours of its own can have a branch of this house."),
    _("There is no such purpose."),
    _("One of these words ends messages already; it need not be added."),
    _("One of these words is said every day, or is a keyword of yours."),
    _("This cannot be changed here."),
    _("This link opens no page."),
    _("This link is too old. Write MEINE DATEN in the chat for a new one."),
    _("This kind of message does not exist any more. Reload the page."),
    _("Nothing was chosen: press one of the buttons."),
)
"""What deeds on consent say when they cannot; named here so that a translation is asked for."""

_QUOTE = re.compile(r"(wrote|button) “(.*)”", re.DOTALL)


def evidence(stored: str) -> str:
    """Return what evidence says, in the present language; words that are not ours stay as they are."""
    return "; ".join(_part(part) for part in stored.split("; "))


def _part(stored: str) -> str:
    quoted = _QUOTE.fullmatch(stored)
    if quoted is not None:
        return str(QUOTED[quoted.group(1)]) % {"words": quoted.group(2)}
    return str(EVIDENCE.get(stored, stored))


def open_hours(*, opens: str, closes: str, weekdays: Iterable[int]) -> str:
    """Return hours as people read them: from when to when, on which days."""
    return f"{opens}–{closes}, {' '.join(str(DAYS[day]) for day in sorted(weekdays))}"
