"""The team inbox as its screens show it: the list, one thread, one file, and what changed since."""

from werkbote.reads.inbox.bubbles import Media as Media
from werkbote.reads.inbox.bubbles import Message as Message
from werkbote.reads.inbox.bubbles import Quote as Quote
from werkbote.reads.inbox.changes import Changes as Changes
from werkbote.reads.inbox.changes import changes as changes
from werkbote.reads.inbox.changes import newest as newest
from werkbote.reads.inbox.composing import Begun as Begun
from werkbote.reads.inbox.composing import begun as begun
from werkbote.reads.inbox.conversations import Conversation as Conversation
from werkbote.reads.inbox.conversations import Last as Last
from werkbote.reads.inbox.conversations import Which as Which
from werkbote.reads.inbox.conversations import conversations as conversations
from werkbote.reads.inbox.decisions import Decision as Decision
from werkbote.reads.inbox.decisions import decisions_of as decisions_of
from werkbote.reads.inbox.files import File as File
from werkbote.reads.inbox.files import file as file
from werkbote.reads.inbox.naming import branches as branches
from werkbote.reads.inbox.people import Contact as Contact
from werkbote.reads.inbox.thread import Thread as Thread
from werkbote.reads.inbox.thread import around as around
from werkbote.reads.inbox.thread import message as message
from werkbote.reads.inbox.thread import thread as thread
from werkbote.reads.inbox.views import MOST as MOST
from werkbote.reads.inbox.views import View as View
from werkbote.reads.inbox.views import counts as counts
from werkbote.reads.inbox.window import Window as Window
