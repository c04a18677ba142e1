"""Old chats as a member sees them: one's own until they are decided, the branch's in a case."""

from werkbote.reads.old_chats.lists import Choices as Choices
from werkbote.reads.old_chats.lists import arrivals as arrivals
from werkbote.reads.old_chats.lists import chats as chats
from werkbote.reads.old_chats.lists import choices as choices
from werkbote.reads.old_chats.lists import protected as protected
from werkbote.reads.old_chats.lists import waiting as waiting
from werkbote.reads.old_chats.pages import PICTURES as PICTURES
from werkbote.reads.old_chats.pages import File as File
from werkbote.reads.old_chats.pages import file as file
from werkbote.reads.old_chats.pages import page as page
from werkbote.reads.old_chats.pages import protected_file as protected_file
from werkbote.reads.old_chats.pages import protected_page as protected_page
from werkbote.reads.old_chats.seeing import check_arrival as check_arrival
from werkbote.reads.old_chats.seeing import check_chat as check_chat
from werkbote.reads.old_chats.seeing import check_refiling as check_refiling
from werkbote.reads.old_chats.seeing import reasons as reasons
