"""What the newsletter's deeds say when they cannot; named here so that a translation is asked for."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Words = str | Promise

SENTENCES: tuple[Words, ...] = (
    _("This business has no newsletter yet."),
    _("This link is not complete: open it from the e-mail once more."),
    _("There is nothing to confirm any more: please sign up again."),
    _("Nothing is stored under this link any more: nothing is sent to you."),
    _("Enter the address that is to get nothing more, and where you heard it."),
    _("No mail server is set: let IT set WERKBOTE_MAIL_URL, then come back here."),
    _("The sender's address is none: check it, such as news@autohaus.example."),
    _("Readers must see who writes: enter the name of your business."),
    _("The pace is from 1 to 50 e-mails a second."),
    _("The subject is empty or holds invisible characters: write it anew."),
    _("The issue is empty: write something first."),
    _("This issue has been sent already: write a new one."),
    _("This issue is being sent already; reload the page."),
    _("There is no sender yet: set it up first, then send."),
    _(
        "Your readers were promised fewer issues: wait until the oldest of the last four is "
        "30 days old."
    ),
)
"""They are shown by `labels.sentence`, like those of every deed."""
