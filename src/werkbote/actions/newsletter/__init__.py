"""The newsletter by e-mail: who signs up and leaves, what is written and sent, and what comes back."""

from werkbote.actions.newsletter.issues import Draft as Draft
from werkbote.actions.newsletter.issues import UnableToPublish as UnableToPublish
from werkbote.actions.newsletter.issues import begin as begin
from werkbote.actions.newsletter.issues import discard as discard
from werkbote.actions.newsletter.issues import halt as halt
from werkbote.actions.newsletter.issues import preview as preview
from werkbote.actions.newsletter.issues import save as save
from werkbote.actions.newsletter.issues import spread as spread
from werkbote.actions.newsletter.issues import words_of as words_of
from werkbote.actions.newsletter.leaving import UnableToLeave as UnableToLeave
from werkbote.actions.newsletter.leaving import check as check
from werkbote.actions.newsletter.leaving import leave as leave
from werkbote.actions.newsletter.leaving import resubscribe as resubscribe
from werkbote.actions.newsletter.leaving import withdraw as withdraw
from werkbote.actions.newsletter.opening import Sender as Sender
from werkbote.actions.newsletter.opening import UnableToOpen as UnableToOpen
from werkbote.actions.newsletter.opening import open_sender as open_sender
from werkbote.actions.newsletter.returning import collect as collect
from werkbote.actions.newsletter.returning import take as take
from werkbote.actions.newsletter.subscribing import Filled as Filled
from werkbote.actions.newsletter.subscribing import Page as Page
from werkbote.actions.newsletter.subscribing import UnableToSubscribe as UnableToSubscribe
from werkbote.actions.newsletter.subscribing import confirm as confirm
from werkbote.actions.newsletter.subscribing import open_request as open_request
from werkbote.actions.newsletter.subscribing import page as page
from werkbote.actions.newsletter.subscribing import request as request
