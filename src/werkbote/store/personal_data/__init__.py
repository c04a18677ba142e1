"""Every field of every table: whose data it is, why we have it, how it is protected and what ends it.

Access export, correction, erasure, retention and the record of processing read this table; a field
that is missing here fails a house test, and so does one that is listed but does not exist.
"""

from werkbote.store.personal_data import (
    breaches,
    cases,
    composing,
    consent,
    desk,
    duties,
    frameworks,
    inbox,
    journal,
    newsletter,
    numbers,
    old_chats,
    people,
    privacy,
    team,
    watch,
)
from werkbote.store.personal_data.words import Ended as Ended
from werkbote.store.personal_data.words import Field as Field
from werkbote.store.personal_data.words import Kind as Kind
from werkbote.store.personal_data.words import Protection as Protection
from werkbote.store.personal_data.words import Table as Table
from werkbote.store.personal_data.words import Whose as Whose

TABLES: tuple[Table, ...] = (
    *team.TABLES,
    *numbers.TABLES,
    *people.TABLES,
    *breaches.TABLES,
    *consent.TABLES,
    *cases.TABLES,
    *inbox.TABLES,
    *desk.TABLES,
    *duties.TABLES,
    *composing.TABLES,
    *journal.TABLES,
    *privacy.TABLES,
    *newsletter.TABLES,
    *old_chats.TABLES,
    *watch.TABLES,
    *frameworks.TABLES,
)
"""Every table of every installed app."""
