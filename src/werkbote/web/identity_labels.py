"""Words for what a request has been through: steps to make sure who asks, reminders that did not leave."""

from django.utils.translation import gettext_lazy as _

from werkbote.web.labels import Words

NOT_LEFT: dict[str, Words] = {
    "no_sender": _("this branch has no sender of e-mails yet: set one up under Newsletter"),
    "mail_server": _("the sender rests, or the mail server is not the one agreed on"),
    "agreement_missing": _("the agreement with the mail server is missing"),
    "mail_no_box": _("there is no such address"),
    "mail_unclear": _("the mail server gave no answer; it is not sent twice"),
    "mail_login": _("the mail server refused the login"),
}

SIGNS: dict[str, Words] = {
    "code_sent": _("Code sent to the known number"),
    "code_wrong": _("Wrong code told"),
    "code_right": _("Right code told"),
    "asked_back": _("Question with two buttons sent to the known number"),
    "confirmed": _("“Yes” tapped on the known number"),
    "denied": _("“No” tapped on the known number"),
    "fact_wrong": _("Plate and month do not fit"),
    "fact_right": _("Plate and month of a visit fit"),
    "counter": _("Appeared in person"),
    "document": _("Document looked at, nothing kept"),
    "unidentified": _(
        "Told that nobody here fits, and how to show it from the same chat (Art. 11)"
    ),
    "same_chat": _("Code of the request sent from the same chat"),
}
