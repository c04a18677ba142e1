"""Settings that have a privacy default, in words: what they are called, of what they are, their values."""

from django.utils.translation import gettext_lazy as _

from werkbote.web.labels import Words

SETTINGS: dict[str, Words] = {
    "second_factor": _("Second factor at sign-in"),
    "log_level": _("Detail of the logs"),
    "backup_days": _("Days a backup is kept"),
    "backup_key_days": _("Days a backup of the keys is kept"),
    "lock_minutes": _("Minutes until a screen locks"),
    "support": _("Support by a vendor"),
    "export_alone": _("Persons in a file without a second person"),
    "read_hourly": _("Persons read in an hour until it is noticed"),
    "read_daily": _("Persons read in a day until it is noticed"),
    "storage_region": _("Where Meta stores the messages"),
    "agreement": _("Processor agreement"),
    "contact_book": _("Meta’s contact book"),
    "template_class": _("Class of a template"),
    "satisfaction": _("Question how it was"),
    "report_members": _("Figures of single members"),
    "quiet_hours": _("When advertising may reach people"),
    "notice_texts": _("Words of the first-contact notice"),
    "consent_texts": _("Words of the consents"),
    "purpose_texts": _("Names and frequency of purposes"),
    "recipient": _("Recipient of data"),
    "transfer": _("Ground of a transfer"),
    "officer": _("Data protection officer"),
    "masked_numbers": _("Phone numbers in lists"),
    "newsletter_tracking": _("Tracking in newsletters"),
    "retention": _("Periods of deletion"),
    "push_texts": _("Notifications on devices"),
    "address_book": _("Address books"),
}
"""Settings with a privacy default, and what is fixed, by the names of the Rechtsstand file."""

SETTING_PLACES: dict[str, Words] = {
    "house": _("House"),
    "organisation": _("House"),
    "installation": _("Installation"),
}
"""What a setting is of that has no name of its own."""

SETTING_VALUES: dict[str, Words] = {
    "required": _("required"),
    "optional": _("optional"),
    "on": _("on"),
    "off": _("off"),
    "shipped": _("as shipped"),
    "open": _("open"),
    "on_record": _("on record"),
    "missing": _("missing"),
    "unconfirmed": _("not confirmed as off"),
    "advertising": _("advertising"),
    "running": _("running"),
    "stopped": _("stopped"),
    "current": _("current"),
    "due": _("due"),
    "in_order": _("in order"),
    "not_needed": _("not needed"),
    "untold": _("appointed, and the authority is not told yet"),
    "": _("not known"),
}


def setting_value(code: str) -> str:
    """Return a value of a setting in words; a number, a region or a name of a text as it is."""
    return str(SETTING_VALUES.get(code, code))
