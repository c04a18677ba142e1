"""The way out: a wish is queued, the gate decides as late as possible, and one call leaves.

tx 1 claims messages, asks the gate and stores its answer; then, outside any transaction, the egress
sends; tx 2 stores what became of it. A message between the two is never sent again by itself.
"""

from werkbote.actions.outbox.claims import MOST_AT_ONCE as MOST_AT_ONCE
from werkbote.actions.outbox.claims import Ready as Ready
from werkbote.actions.outbox.claims import claim as claim
from werkbote.actions.outbox.claims import waiting_numbers as waiting_numbers
from werkbote.actions.outbox.composing import UNDO as UNDO
from werkbote.actions.outbox.composing import Begun as Begun
from werkbote.actions.outbox.composing import add_composed as add_composed
from werkbote.actions.outbox.composing import check_composed as check_composed
from werkbote.actions.outbox.composing import forget_drafts as forget_drafts
from werkbote.actions.outbox.composing import keep_draft as keep_draft
from werkbote.actions.outbox.composing import take_back as take_back
from werkbote.actions.outbox.pacing import leave as leave
from werkbote.actions.outbox.pacing import share as share
from werkbote.actions.outbox.reminding import claim_reminder as claim_reminder
from werkbote.actions.outbox.reminding import responsible as responsible
from werkbote.actions.outbox.reminding import send_reminders as send_reminders
from werkbote.actions.outbox.reminding import settle_reminder as settle_reminder
from werkbote.actions.outbox.repeating import is_repetition as is_repetition
from werkbote.actions.outbox.sending import Outcome as Outcome
from werkbote.actions.outbox.sending import hang_up as hang_up
from werkbote.actions.outbox.sending import missed as missed
from werkbote.actions.outbox.sending import send as send
from werkbote.actions.outbox.sending import settle as settle
from werkbote.actions.outbox.switches import stopped as stopped
from werkbote.actions.outbox.wishes import WOKEN_BY as WOKEN_BY
from werkbote.actions.outbox.wishes import Priority as Priority
from werkbote.actions.outbox.wishes import UnableToQueue as UnableToQueue
from werkbote.actions.outbox.wishes import UnableToSettle as UnableToSettle
from werkbote.actions.outbox.wishes import add as add
from werkbote.actions.outbox.wishes import cancel as cancel
from werkbote.actions.outbox.wishes import do_cancel as do_cancel
from werkbote.actions.outbox.wishes import notice_silence as notice_silence
from werkbote.actions.outbox.wishes import outlook as outlook
from werkbote.actions.outbox.wishes import outlooks as outlooks
from werkbote.actions.outbox.wishes import preview as preview
from werkbote.actions.outbox.wishes import queue_message as queue_message
from werkbote.actions.outbox.wishes import settle_unknown as settle_unknown
