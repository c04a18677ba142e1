"""Old chats: received, read, decided. What came from a private phone is never built upon."""

from werkbote.actions.old_chats.deciding import Filing as Filing
from werkbote.actions.old_chats.deciding import UnableToDecide as UnableToDecide
from werkbote.actions.old_chats.deciding import choose_own as choose_own
from werkbote.actions.old_chats.deciding import classes as classes
from werkbote.actions.old_chats.deciding import delete as delete
from werkbote.actions.old_chats.deciding import discard as discard
from werkbote.actions.old_chats.deciding import file_into_case as file_into_case
from werkbote.actions.old_chats.deciding import look as look
from werkbote.actions.old_chats.reading import read as read
from werkbote.actions.old_chats.receiving import UnableToReceive as UnableToReceive
from werkbote.actions.old_chats.receiving import Wish as Wish
from werkbote.actions.old_chats.receiving import receive as receive
from werkbote.actions.old_chats.receiving import sweep as sweep
