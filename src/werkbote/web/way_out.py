"""Words for old chats and for leaving private WhatsApp, in pages and as filters of templates."""

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from werkbote.domain import offboarding, old_chats

type Words = str | Promise

register = template.Library()

PROBLEMS: dict[str, Words] = {
    old_chats.Problem.EMPTY: _("The file is empty: export the chat again."),
    old_chats.Problem.TOO_LARGE: _(
        "The file is larger than 2 GB. Export the chat without media, then the media you need one "
        "by one."
    ),
    old_chats.Problem.BROKEN: _(
        "The ZIP file is damaged or incomplete: export the chat again and upload the new file."
    ),
    old_chats.Problem.ENCRYPTED: _(
        "The ZIP file is locked with a password: upload it as WhatsApp made it, without one."
    ),
    old_chats.Problem.BOMB: _(
        "The ZIP file would swell beyond measure when unpacked. WhatsApp makes no such files: "
        "export the chat again."
    ),
    old_chats.Problem.NO_CHAT: _(
        "There is no chat in this ZIP file, only other files: choose the ZIP that “Export chat” made."
    ),
    old_chats.Problem.NOT_A_CHAT: _(
        "This is no exported WhatsApp chat: no line begins with date and time. Use “Export chat” in "
        "WhatsApp."
    ),
    old_chats.Problem.INTERRUPTED: _("Reading was interrupted: upload the file again."),
    old_chats.Problem.UNSCANNED: _(
        "The malware scanner does not answer. Nothing is lost: reading goes on by itself once it does. "
        "Let IT look at WERKBOTE_CLAMAV with “werkbote doctor”."
    ),
}

REMARKS: dict[str, Words] = {
    old_chats.Remark.UNKNOWN_KIND: _("unknown kind of message, kept as text"),
    old_chats.Remark.BEFORE_FIRST: _("stands before the first message, kept without sender"),
    old_chats.Remark.NO_SUCH_TIME: _("no such date or time, kept as it stands"),
    old_chats.Remark.FOREIGN_LETTERS: _("not UTF-8, read as Windows letters"),
    old_chats.Remark.CONTINUED: _("very long message, continued here"),
    old_chats.Dropped.TOO_LARGE: _("file larger than 100 MB, not taken over"),
    old_chats.Dropped.DAMAGED: _("file damaged, not taken over"),
    old_chats.Dropped.METHOD: _("file packed in an unknown way, not taken over"),
    old_chats.Dropped.LITTER: _("by-product of the computer, not taken over"),
    old_chats.Dropped.INFECTED: _(
        "file in which malware was found, not taken over: do not open it"
    ),
    old_chats.Dropped.UNSCANNABLE: _(
        "file larger than your malware scanner takes, not taken over: let IT raise StreamMaxLength"
    ),
    old_chats.Noted.PATH: _("file name held a path, kept without it"),
    old_chats.Noted.UNMENTIONED: _("file that no message mentions, kept"),
    old_chats.Noted.MISSING: _("file that is mentioned but not in the export"),
    old_chats.Noted.BREAKS_OFF: _("the text breaks off: the ZIP file is damaged there"),
}

KINDS: dict[str, Words] = {
    old_chats.Kind.FILE: _("File"),
    old_chats.Kind.OMITTED: _("Media left out of the export"),
    old_chats.Kind.DELETED: _("Deleted message"),
    old_chats.Kind.VIEW_ONCE: _("View-once message"),
    old_chats.Kind.LOCATION: _("Location"),
    old_chats.Kind.CONTACT: _("Contact card"),
    old_chats.Kind.POLL: _("Poll"),
    old_chats.Kind.EVENT: _("Event"),
    old_chats.Kind.CALL: _("Call"),
    old_chats.Kind.UNKNOWN: _("Unknown kind"),
}

STANDINGS: dict[str, Words] = {
    offboarding.Standing.NOT_ASKED: _("not asked yet"),
    offboarding.Standing.OPEN: _("asked"),
    offboarding.Standing.OVERDUE: _("overdue"),
    offboarding.Standing.SIGNED: _("signed"),
}

UNSIGNED: dict[str, Words] = {
    "ticks": _("Tick every step. What does not apply to you counts as done."),
    "confirmed": _("Confirm that the declaration is correct and complete."),
    "name": _("Type your first name and surname."),
    "nothing": _("There is nothing to sign any more: reload the page."),
}


@register.filter
def old_chat_problem(code: str) -> str:
    """Return why an export could not be read, as a sentence with a remedy."""
    return str(PROBLEMS.get(code, code))


@register.filter
def old_chat_remark(code: str) -> str:
    """Return what is to say about a line or file of an export."""
    return str(REMARKS.get(code, code))


@register.filter
def old_chat_kind(code: str) -> str:
    """Return the name of a kind of old message; plain words and notices have none."""
    return str(KINDS.get(code, ""))


@register.filter
def standing(code: str) -> str:
    """Return how a member stands with leaving private WhatsApp."""
    return str(STANDINGS.get(code, code))


@register.filter
def named(classes: Mapping[str, str], code: str) -> str:
    """Return the name of a retention class."""
    return classes.get(code, code)
