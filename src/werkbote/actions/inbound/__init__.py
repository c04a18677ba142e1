"""What Meta calls: a body is verified, kept, answered; later it is understood, exactly once.

`receiving` runs in the web process and does nothing but make the body durable. `understanding` runs in a worker.
Everything it stores is merged so that order and repetition cannot matter; a crash anywhere leaves
the body waiting.
"""

from werkbote.actions.inbound.receiving import MOST_BODY_BYTES as MOST_BODY_BYTES
from werkbote.actions.inbound.receiving import Door as Door
from werkbote.actions.inbound.receiving import UnableToFind as UnableToFind
from werkbote.actions.inbound.receiving import UnableToKeep as UnableToKeep
from werkbote.actions.inbound.receiving import UnableToTrust as UnableToTrust
from werkbote.actions.inbound.receiving import close_door as close_door
from werkbote.actions.inbound.receiving import door as door
from werkbote.actions.inbound.replaying import WOKEN_BY as WOKEN_BY
from werkbote.actions.inbound.replaying import UnableToReplay as UnableToReplay
from werkbote.actions.inbound.replaying import forget_bodies as forget_bodies
from werkbote.actions.inbound.replaying import replay_event as replay_event
from werkbote.actions.inbound.replaying import replay_part as replay_part
from werkbote.actions.inbound.understanding import drain as drain
from werkbote.actions.inbound.understanding import waiting_organisations as waiting_organisations
