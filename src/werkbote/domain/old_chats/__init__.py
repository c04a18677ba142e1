"""Old chats (Altchats): what WhatsApp's own export writes down, read without losing a line.

An export has no message ids, no time zone and no proof of consent (format table of the exports,
2026); it is evidence of what was said and nothing that may be built upon.
"""

from werkbote.domain.old_chats.kinds import Kind as Kind
from werkbote.domain.old_chats.kinds import classify as classify
from werkbote.domain.old_chats.limits import MOST_BYTES as MOST_BYTES
from werkbote.domain.old_chats.limits import Dropped as Dropped
from werkbote.domain.old_chats.limits import Noted as Noted
from werkbote.domain.old_chats.limits import Problem as Problem
from werkbote.domain.old_chats.limits import UnableToRead as UnableToRead
from werkbote.domain.old_chats.looks import LOOKS as LOOKS
from werkbote.domain.old_chats.looks import reasons as reasons
from werkbote.domain.old_chats.overlap import Known as Known
from werkbote.domain.old_chats.reading import Entry as Entry
from werkbote.domain.old_chats.reading import Remark as Remark
from werkbote.domain.old_chats.reading import entries as entries
from werkbote.domain.old_chats.stamps import Order as Order
from werkbote.domain.old_chats.stamps import Survey as Survey
from werkbote.domain.old_chats.stamps import aware as aware
from werkbote.domain.old_chats.stamps import local as local
from werkbote.domain.old_chats.stamps import survey as survey
from werkbote.domain.old_chats.text import Line as Line
from werkbote.domain.old_chats.text import lines as lines
from werkbote.domain.old_chats.titles import counterpart as counterpart
