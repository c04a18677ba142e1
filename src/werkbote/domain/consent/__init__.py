"""Consent as a history of events: states, evidence and the chain that makes the history provable."""

from werkbote.domain.consent.chain import GENESIS as GENESIS
from werkbote.domain.consent.chain import Link as Link
from werkbote.domain.consent.chain import UnableToHash as UnableToHash
from werkbote.domain.consent.chain import canonical as canonical
from werkbote.domain.consent.chain import first_broken as first_broken
from werkbote.domain.consent.chain import link as link
from werkbote.domain.consent.evidence import Confirmation as Confirmation
from werkbote.domain.consent.evidence import Evidence as Evidence
from werkbote.domain.consent.evidence import Origin as Origin
from werkbote.domain.consent.evidence import Presentation as Presentation
from werkbote.domain.consent.evidence import Subject as Subject
from werkbote.domain.consent.evidence import Times as Times
from werkbote.domain.consent.evidence import Withdrawal as Withdrawal
from werkbote.domain.consent.evidence import Wording as Wording
from werkbote.domain.consent.history import Event as Event
from werkbote.domain.consent.history import Standing as Standing
from werkbote.domain.consent.history import can_ask as can_ask
from werkbote.domain.consent.history import content_of as content_of
from werkbote.domain.consent.history import due as due
from werkbote.domain.consent.history import project as project
from werkbote.domain.consent.history import state_at as state_at
from werkbote.domain.consent.states import TRANSITIONS as TRANSITIONS
from werkbote.domain.consent.states import Deed as Deed
from werkbote.domain.consent.states import State as State
from werkbote.domain.consent.states import diagram as diagram
