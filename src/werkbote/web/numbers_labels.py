"""Words for what numbers and templates name by codes, and what deeds about them say when they cannot."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from werkbote.domain import numbers
from werkbote.web import labels

type Words = labels.Words

PRICE_CATEGORIES: dict[str, Words] = {
    "service": _("Answers (service)"),
    "utility": _("Service templates (utility)"),
    "marketing": _("Advertising templates (marketing)"),
    "authentication": _("Sign-in codes (authentication)"),
    "referral_conversion": _("From an advertisement"),
    "general_purpose_ai": _("General-purpose AI"),
}

STEPS: dict[str, Words] = {
    numbers.Step.CONTACT_BOOK: _("Switch Meta's contact book off"),
    numbers.Step.REGION: _("Store messages in Germany"),
    numbers.Step.REGISTRATION: _("Register the number with a PIN"),
    numbers.Step.PROFILE: _("Write the profile with the imprint"),
    numbers.Step.WEBHOOK: _("Connect the webhook"),
    numbers.Step.TEMPLATES: _("Hand in the first templates"),
}

STEP_WHY: dict[str, Words] = {
    numbers.Step.CONTACT_BOOK: _(
        "Meta keeps phone number and user id of everybody who writes to you, outside of Germany too. "
        "Business Suite → Business settings → Business info → Contact book: off. Meta tells nobody by "
        "interface whether it is off, so a person confirms it."
    ),
    numbers.Step.REGION: _(
        "Texts and files then rest in Germany. Meta allows the choice only before registration."
    ),
    numbers.Step.REGISTRATION: _(
        "The PIN keeps others from moving your number elsewhere. Write it down for your safe: it is "
        "never shown here again."
    ),
    numbers.Step.PROFILE: _(
        "Customers see company, address, e-mail and the link to your imprint before they write."
    ),
    numbers.Step.WEBHOOK: _(
        "Meta then delivers messages here. It asks our address back first, with a secret only we know."
    ),
    numbers.Step.TEMPLATES: _(
        "Outside of the 24-hour window only reviewed templates reach people. The first set has what a "
        "workshop needs every day, and advertises nothing."
    ),
}

STEP_DEEDS: dict[str, Words] = {
    numbers.Step.CONTACT_BOOK: _("It is off"),
    numbers.Step.REGION: _("Store in Germany"),
    numbers.Step.REGISTRATION: _("Register"),
    numbers.Step.PROFILE: _("Write the profile"),
    numbers.Step.WEBHOOK: pgettext_lazy("webhook", "Connect"),
    numbers.Step.TEMPLATES: _("Hand in the first set"),
}

CONDITIONS: dict[str, Words] = {
    numbers.Condition.AGREEMENT: _("Processing agreement with Meta on record"),
    numbers.Condition.CONTACT_BOOK: _("Meta's contact book off"),
    numbers.Condition.STORAGE: _("Storage in Germany, chosen before registration"),
    numbers.Condition.TRANSFER: _("Data Privacy Framework checked, transfer assessment on file"),
    numbers.Condition.NOTICE: _("First-contact notice and imprint complete"),
    numbers.Condition.CONSENTS: _("Opt-ins separate by purpose, confirmed from the number itself"),
    numbers.Condition.DELETION: _("Deletion concept runs every night, at Meta too"),
    numbers.Condition.ACCESS: _("Roles, second factor and audit"),
    numbers.Condition.PRIVATE_PHONES: _("No WhatsApp on private phones, declarations signed"),
    numbers.Condition.OTHER_WAYS: _("Another way to reach you: phone or e-mail"),
    numbers.Condition.ASSISTANT: _("AI assistant: assessed and disclosed"),
    numbers.Condition.WORKS_COUNCIL: _("Works council involved, or there is none"),
    numbers.Condition.ADMINISTRATORS: _(
        "Two administrators or more at Meta, each with two-step sign-in"
    ),
}

CONDITION_WAYS: dict[str, Words] = {
    numbers.Condition.AGREEMENT: _("Enter its date when connecting the number."),
    numbers.Condition.CONTACT_BOOK: _("Step 1 above."),
    numbers.Condition.STORAGE: _("Step 2 above."),
    numbers.Condition.TRANSFER: _(
        "Look at dataprivacyframework.gov, file the assessment, confirm here."
    ),
    numbers.Condition.NOTICE: _("Enter address and e-mail of the branch under “Team”."),
    numbers.Condition.CONSENTS: _("Built in."),
    numbers.Condition.DELETION: _("Runs with the worker; look under “Rights and erasure”."),
    numbers.Condition.ACCESS: _("Set WERKBOTE_SECOND_FACTOR to “required”."),
    numbers.Condition.PRIVATE_PHONES: _("Look under “Way out” who has not signed yet."),
    numbers.Condition.OTHER_WAYS: _("Enter phone or e-mail of the branch under “Team”."),
    numbers.Condition.ASSISTANT: _("No assistant is in use."),
    numbers.Condition.WORKS_COUNCIL: _("Show the works council what is measured, confirm here."),
    numbers.Condition.ADMINISTRATORS: _(
        "Look through the people of the business portfolio at Meta every half year: at least two "
        "administrators, two-step sign-in required of all, nobody who has left. Confirm here."
    ),
}

LIGHTS: dict[str, Words] = {
    numbers.Light.GREEN: _("in order"),
    numbers.Light.RED: _("open"),
    numbers.Light.GREY: _("does not concern you"),
}

QUALITIES: dict[str, Words] = {
    "GREEN": _("good"),
    "YELLOW": _("medium"),
    "RED": _("poor"),
    "NA": _("not rated yet"),
    "UNKNOWN": _("not rated yet"),
}

TIERS: dict[str, Words] = {
    "TIER_250": _("250 people a day"),
    "TIER_1K": _("1,000 people a day"),
    "TIER_2K": _("2,000 people a day"),
    "TIER_10K": _("10,000 people a day"),
    "TIER_100K": _("100,000 people a day"),
    "TIER_UNLIMITED": _("no limit"),
}

THROUGHPUT: dict[str, Words] = {
    "STANDARD": _("80 messages a second"),
    "HIGH": _("1,000 messages a second"),
}

STATUSES: dict[str, Words] = {
    "PENDING": _("in review"),
    "APPROVED": _("approved"),
    "REJECTED": _("rejected"),
    "PAUSED": _("paused by Meta"),
    "DISABLED": _("disabled by Meta"),
    "IN_APPEAL": _("objection runs"),
    "LIMIT_EXCEEDED": _("too many templates"),
    "ARCHIVED": _("archived"),
    "LOCKED": _("locked"),
    "UNKNOWN": _("unknown"),
}

REASONS: dict[str, Words] = {
    "ABUSIVE_CONTENT": _("Meta finds the words offensive."),
    "INCORRECT_CATEGORY": _(
        "Meta sees another category: choose marketing, or take advertising out."
    ),
    "INVALID_FORMAT": _("The form is wrong: look at places and examples."),
    "PROMOTIONAL": _("Meta reads advertising in it: choose marketing, or take it out."),
    "SCAM": _("Meta takes it for fraud: say plainly who you are and what it is about."),
    "TAG_CONTENT_MISMATCH": _("Language or category do not fit the text."),
}

CATEGORIES: dict[str, Words] = {
    numbers.Category.UTILITY: _("utility (service)"),
    numbers.Category.MARKETING: _("marketing (advertising)"),
}

GROUPS: dict[str, Words] = {
    "appointment": _("Appointments"),
    "order": _("Repair orders"),
    "parts": _("Parts"),
    "courtesy_car": _("Courtesy car"),
    "tyres": _("Tyres"),
    "safety": _("Safety"),
    "sales": _("Sales"),
    "consent": _("First contact and opt-in"),
    "reminder": _("Reminders"),
    "survey": _("Satisfaction"),
    "offer": _("Offers"),
}

_SENTENCES: tuple[Words, ...] = (
    _("First switch Meta's contact book off in the Meta Business Suite, and confirm it here."),
    _(
        "First set the place of storage to Germany: Meta allows it only before the number is registered."
    ),
    _("First register the number with its PIN."),
    _("First write the profile with the imprint: people must see who is writing to them."),
    _("First connect the webhook, or no message arrives here."),
    _("The PIN has exactly six digits."),
    _("This PIN is too easy to guess: choose another."),
    _("This day is still to come: confirm it once it is done."),
    _("This is checked by itself: nobody needs to confirm it."),
    _("Enter the branch's street, town and e-mail address first: the imprint needs them."),
    _("Meta has no interface for the contact book: switch it off there, and confirm it here."),
    _("This phone number id is connected already: disconnect it there first."),
    _("The new access token is empty: copy it from the Meta Business Suite."),
    _("The new app secret is empty: copy it from the Meta app's settings."),
    _("Meta lets only approved, rejected and paused templates be changed: wait for the review."),
    _("An approved template can be changed once a day: try again tomorrow."),
    _("An approved template can be changed ten times in 30 days: make a new one instead."),
    _("This template is deleted already."),
    _(
        "A template of this name was deleted: Meta keeps the name blocked for 30 days. Choose another name."
    ),
    _("There is a template of this name and language already: change that one."),
    _("The name takes small letters from a to z, digits and underscores, nothing else."),
    _("The name is too long: 512 characters at most."),
    _("Choose German or English."),
    _("Choose what Meta should call it: utility or marketing."),
    _("The heading is too long: 60 characters at most."),
    _("The heading is one line."),
    _("Put places into the text, not into the heading."),
    _("The heading takes no emoji and no marks such as * or _."),
    _("The text is missing."),
    _("The text is too long: 1,024 characters at most."),
    _("Two empty lines or five spaces in a row are too many for Meta."),
    _("A place has two braces on each side: {{1}}."),
    _("Number the places in order, beginning with {{1}}: no gap, no name."),
    _("A place must not stand at the very beginning or end of the text."),
    _("Put words between two places."),
    _("There are too many places for so few words: write more, or fill in less."),
    _("Give one example for each place, one a line: Meta reviews with them."),
    _("An example is one short line, without tabs."),
    _("The small print is too long: 60 characters at most."),
    _("The small print is one line without places."),
    _("Ten buttons at most."),
    _("Two buttons with a link at most."),
    _("One button with a phone number at most."),
    _("Keep answers together: first all answers, then all links, or the other way."),
    _("Two buttons say the same: give each words of its own."),
    _("A button needs words on one line, without places."),
    _("A button's words are too long: 25 characters at most."),
    _("A button with a link needs a whole address that begins with https://."),
    _("A button with a phone number needs it with country code, such as +49."),
    _("Choose what it is for: without a class in German law it is never sent."),
    _(
        "This reads like a reminder, an offer or a survey: advertising in German law, also where "
        "Meta says utility. Choose an advertising purpose, or take the words out."
    ),
    _("Meta's marketing is never service: choose utility, or an advertising purpose."),
    _(
        "Advertising must say how to end it (§ 7 UWG): add a line such as “Keine Werbung mehr? "
        "Antworten Sie STOPP.”"
    ),
    _("This asks for no consent: choose what it really is for."),
    _(
        "Ask for no identity papers, bank or card data in a chat: Meta's policy forbids it. Ask "
        "for them in person."
    ),
    _(
        "No contract is concluded in a chat (§ 312c BGB): take that out. If it asks for an approval, "
        "say that it extends the existing order."
    ),
)
"""What deeds say when they cannot; named here so that a translation is asked for."""
