"""Words of the watch and of support by a vendor: ways out by their codes, and what deeds say when they cannot."""

from django.utils.translation import gettext_lazy as _

from werkbote.web.labels import Words

HANDOUT_WAYS: dict[str, Words] = {
    "decisions": _("Evidence of decisions"),
    "letters": _("Archive of letters of a year"),
    "concerned": _("List of those concerned by a breach"),
}

_SENTENCES: tuple[Words, ...] = (
    _(
        "So many customers were looked at in a short time that reading pauses. It goes on by "
        "itself; if your work needs more, ask the data protection officer or an owner."
    ),
    _("Give numbers from 1 to 100,000."),
    _("The number for a day cannot be below the one for an hour."),
    _("This file does not wait for a decision any more."),
    _("Somebody else must decide: whoever asks for a file cannot agree to it."),
    _("Whoever asked or decides is not active any more."),
    _("Choose whether the file may leave."),
    _("Open it for 1 to 8 hours."),
    _("Say in up to 300 signs, without line breaks, why support looks in."),
    _("No processor agreement with this vendor is on record: record it with its day first."),
    _("The house has stopped this vendor: release it first."),
    _("Choose an account of the role “Support”."),
    _("Support is not let in now: an owner opens it under “Team”."),
    _(
        "So many readers get it only once somebody else has looked: ask an owner or a colleague "
        "of marketing to look and send it."
    ),
)
"""Named here so that a translation is asked for."""
