"""Words for requests, erasures and stores, which the tables name by codes. German by gettext."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from werkbote.domain import privacy
from werkbote.web.labels import Words

REQUEST_KINDS: dict[str, Words] = {
    "access": _("Access (Art. 15)"),
    "copy": _("Data to take along (Art. 20)"),
    "correction": _("Correction (Art. 16)"),
    "erasure": _("Erasure (Art. 17)"),
    "restriction": _("Restriction (Art. 18)"),
    "objection": _("Objection (Art. 21)"),
}

HEARD: dict[str, Words] = {
    "phone": _("on the phone"),
    "counter": _("at the counter"),
    "email": _("by e-mail"),
    "letter": _("by letter"),
}

CHANNELS: dict[str, Words] = {
    **HEARD,
    "whatsapp": _("on WhatsApp"),
    "page": _("on their own page"),
    "api": _("by another program"),
}

REQUEST_STATES: dict[str, Words] = {
    "review": _("to be looked at"),
    "identify": _("make sure who asks"),
    "open": _("to be answered"),
    "answered": _("answered"),
    "refused": _("request refused"),
    "dropped": _("no request"),
}

RUNGS: dict[str, Words] = {
    "number": _("their own number"),
    "code": _("a code sent to the known number"),
    "fact": _("a code and a fact of a case"),
    "counter": _("in person at the counter"),
    "document": _("a document, looked at and not kept"),
}

WRONGS: dict[str, Words] = {
    "name": _("Name"),
    "number": _("Number that is not theirs"),
    "plate": _("Number plate"),
    "vin": _("Vehicle identification number"),
    "make": _("Make"),
    "model": _("Model"),
    "registered": _("First registration"),
    "hu": _("Next inspection"),
    "mileage": _("Mileage"),
    "title": _("Title of a case"),
    "annotation": _("Something in a message or note"),
}

RECIPIENTS: dict[str, Words] = {
    "program": _("A connected program of ours"),
    "export": _("A conversation taken out as a file"),
    "letters": _("Letters handed out for an audit"),
    "contact_book": _("Meta’s contact book"),
}

TOLD: dict[str, Words] = {
    "told": _("was told"),
    "to_tell": _("still to be told"),
    "unconcerned": _("has nothing of it"),
}

ERASURE_STATES: dict[str, Words] = {
    "waiting": _("waits for a second person"),
    "ready": _("begins in a moment"),
    "running": _("under way"),
    "failed": _("not complete, is tried again"),
    "held": _("stopped by a legal hold"),
    "done": _("done"),
    "refused": _("not approved"),
}

ERASURE_PROBLEMS: dict[str, Words] = {
    "outside": _("An outside system has not confirmed yet."),
    "on_its_way": _("A message is still on its way."),
    "merged": _("Somebody else turned out to be the same person: they are erased too."),
    "found_again": _("The search found something again."),
    "held": _("A legal hold covers this person."),
}

STORES: dict[str, Words] = {
    "store.Message": _("Messages"),
    "store.MessageChange": _("Reactions and edits"),
    "store.Media": _("Files"),
    "store.MediaChunk": _("Parts of files"),
    "store.SearchToken": _("Entries of the search index"),
    "store.NameToken": _("Entries of the index of names"),
    "store.Conversation": _("Conversations"),
    "store.Person": _("Person and key"),
    "store.Identity": _("Numbers and user ids"),
    "store.IdentityReview": _("Questions about numbers"),
    "store.Consent": _("Standings of consents"),
    "store.ConsentEvidence": _("Evidence of consents"),
    "store.ConsentTask": _("Questions about consents"),
    "store.Case": _("Cases"),
    "store.VehicleRole": _("Roles towards vehicles"),
    "store.WebhookEvent": _("Raw bodies"),
    "store.NotUnderstood": _("Parts not understood"),
    "store.AccountNews": _("News about the account"),
    "store.Suppression": _("Suppression entries"),
    "store.Change": _("Notes for open pages"),
    "store.NoticeProof": _("Proofs of the notice"),
    "store.AccessPackage": _("Packages"),
    "store.PackageChunk": _("Parts of packages"),
    "store.OldChat": _("Old chats"),
    "store.OldChatArrival": _("Uploads of old chats"),
    "store.OldChatPage": _("Pages of old chats"),
    "store.OldChatFile": _("Files of old chats"),
    "store.OldChatPiece": _("Parts of files of old chats"),
    "store.Note": _("Internal notes"),
    "store.ContactRequest": _("Requests for contact"),
    "store.PersonRequest": _("Requests of persons"),
    "store.MessageDraft": _("Drafts"),
    "store.UnaskedDocument": _("Notices about deleted identity papers"),
    "store.BreachPerson": _("Notes on breaches"),
    "store.ConsentScan": _("Pictures of signed consents"),
    "store.ConversationEvent": _("Notes on the course of conversations"),
    "store.ConversationLabel": _("Labels on conversations"),
    "store.Nudge": _("Hints for members"),
    "contact_book": _("Meta’s contact book"),
    "verification": _("Found when searched again"),
    "archive": _("Letters to be archived"),
    "message": _("Messages of closed cases"),
    "unfiled": _("Messages of no case"),
    "case": _("Closed cases"),
    "old_chat": _("Filed old chats"),
    "person": _("Contacts without anything else"),
    "consent_evidence": _("Evidence of consents"),
    "webhook_event": _("Raw bodies"),
    "not_understood": _("Parts not understood"),
    "account_news": _("News about the account"),
    "person_request": _("Answered requests"),
    "erasure_run": _("Erasure protocols"),
    "legal_hold": _("Ended holds"),
    "unasked_document": _("Notices about deleted identity papers"),
    "session": _("Ended sign-ins"),
    "sign_in": _("Lists of sign-ins"),
    "doer": _("Who did what in conversations"),
    "breach": _("Closed breaches"),
    "audit_entry": _("Entries of the audit"),
    "notice_proof": _("Proofs of the notice"),
    "suppression": _("Suppression entries"),
    "backup": _("Backups"),
}

LOOKS: dict[str, Words] = {
    "case": _("to work on the case itself"),
    "claims": _("to assert or defend a legal claim"),
    "consent": _("the person has agreed"),
    "protection": _("to protect another person"),
    "interest": _("important public interest"),
    "request": _("to answer the person’s own request"),
}

LIFTS: dict[str, Words] = {
    "accurate": _("it was checked that the data is right"),
    "decided": _("the objection is decided"),
    "settled": _("the legal claim is settled"),
    "wish": _("the person wants it to end"),
}

HOLD_ENDS: dict[str, Words] = {
    "dispute_over": _("the dispute is over"),
    "no_longer_needed": _("reviewed, not needed any more"),
    "by_mistake": _("begun by mistake"),
}

HOLD_SCOPES: dict[str, Words] = {
    "branch": _("Branch"),
    "case_kind": _("Kind of case"),
    "vehicle": _("Number plate"),
    "since": _("Messages since"),
    "until": _("Messages until"),
}

LETTER_REASONS: dict[str, Words] = {
    "tax_audit": _("tax audit (§ 193 AO)"),
    "vat_visit": _("unannounced visit about VAT (§ 27b UStG)"),
    "accounts": _("annual accounts, tax declaration"),
    "claims": _("to assert or defend a legal claim"),
    "request": _("to answer the person’s own request"),
}


TAGS: dict[str, Words] = {
    "commercial_letter": _("Commercial letter"),
    "booking_record": _("Booking record"),
    "small_talk": _("Small talk"),
    "damage_photo": _("Photo of damage"),
    "accident": _("Accident with injuries"),
    "identity_document": _("Identity card, licence, IBAN"),
    "red_plate_journey": _("Journey with red plates"),
    "application": _("Job application"),
}


REASONS: dict[str, Words] = {
    "case": _("I need it for the case"),
    "identity": _("I check who somebody is"),
    "request": _("Somebody asked about their own data"),
    "insurer": _("It goes to insurer, lawyer or authority"),
    "deletion": _("I see whether it can be deleted"),
}
"""What a sensitive file is opened for."""


def period(length: privacy.Period | None) -> str:
    """Say how long something is kept."""
    if length is None:
        return str(_("kept without an end"))
    if length.days:
        return ngettext("%(count)d day", "%(count)d days", length.days) % {"count": length.days}
    months = length.months + 12 * length.years
    if months % 12:
        words = ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    else:
        years = months // 12
        words = ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return f"{words}, {_('to the end of the year')}" if length.year_end else words


_SENTENCES: tuple[Words, ...] = (
    _("Say why you open this file: choose a reason from the list."),
    _("There is no such mark: choose one from the list."),
    _("This message is not here any more; reload the page."),
    _("This letter is in the archive: nothing about it is changed."),
    _("Say on which way the request came."),
    _("The day of receipt is still to come: check it."),
    _("This person is not here any more; go back to the list."),
    _("There is no such request."),
    _("A number identifies whoever writes from it, and nobody else."),
    _("Say why it takes longer: the person must be told (Art. 12(3))."),
    _("This request is answered, or has been extended already."),
    _("The month has run out: it can no longer be extended. Answer now."),
    _("Say why: the person must be told the reasons (Art. 12(4))."),
    _("This request has been changed meanwhile: reload the page and look again."),
    _("A code and a fact are checked here: send the code, then enter it."),
    _("Five codes have been sent for this request: make sure in another way."),
    _("The question is open already: wait for the answer."),
    _("The data of this person is restricted: nothing is sent to them. Make sure in person."),
    _("This number may be somebody else’s by now: a code proves nothing. Make sure in person."),
    _("This code has ended: send a new one."),
    _("The code is wrong: have it read out again."),
    _("First the code, then the fact of a case."),
    _("Too many wrong facts: make sure in person."),
    _("No case of this person fits the plate and the month."),
    _("Say by which number the person is known here."),
    _("Enter the plate and the month, such as 11.2026."),
    _("Nobody here is known by this number: ask which number they wrote from."),
    _("Choose what is to be corrected."),
    _("Say what is right."),
    _("That is too long: at most 1000 characters."),
    _("There is nothing of this kind to correct here; reload the page."),
    _("Nothing has been corrected yet."),
    _("Enter the kilometres as a number."),
    _("Enter a day or a month, such as 24.11.2026 or 11.2026."),
    _("This recipient has been told already; reload the page."),
    _("Say why the restriction ends: the person is told it."),
    _("The person has been told already; reload the page."),
    _("Nothing is restricted here; reload the page."),
    _("What is kept of an erased person stays restricted."),
    _("First tell the person: by a message that has left, or by the letter (Art. 18(3))."),
    _("Say why you need to see this: it is written down."),
    _("First make sure who asks; then it can be answered."),
    _("First make sure who asks; then it can be erased."),
    _("First make sure who asks; then make the package."),
    _("Nothing here is kept by law alone: everything goes into the package."),
    _("Only access can leave something out: what is taken along has no letters in it."),
    _("This request asks for something else."),
    _("This package has been fetched; a new request makes another."),
    _("This package is made already."),
    _("There is no such package any more."),
    _("This erasure does not wait for a decision any more."),
    _("Somebody else must agree: whoever asks for it cannot approve it."),
    _("Say why this must not be deleted: a hold without a reason is none."),
    _("There is no such person here any more."),
    _("This hold has ended already; reload the page."),
    _("No vehicle with this plate is known here."),
    _("Choose a day of review within the next twelve months."),
    _("Say why the hold ends: it is written down."),
    _("The brake is not on here any more; reload the page."),
    _("Give a fiscal year that has begun, and a day to come."),
    _("This link has ended or was used already. Ask us for a new one."),
    _("There is no number we could send a code to. Ask us another way."),
    _("This link has ended or was used: make a new one."),
    _(
        "WhatsApp lets us write for one day after your last message. Send us any message there, "
        "then ask for the code again."
    ),
    _("We must not send a code to your number at present. Ask us another way."),
    _("WhatsApp lets nothing through a day after their last message: ask them to write first."),
    _("The gate would not let this leave to them: make sure in person."),
    _("The code is wrong. Check the message on your phone, or ask for a new one."),
)
"""What deeds of privacy say when they cannot; named here so that a translation is asked for."""

WHOLE_HOUSE = _("This is for the whole house: it takes somebody who works at all its branches.")
