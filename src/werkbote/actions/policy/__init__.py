"""Gathering the facts: everything the gate must know about messages, read inside the sender's transaction."""

from werkbote.actions.policy.exporting import note_export as note_export
from werkbote.actions.policy.facts import expected_parameters as expected_parameters
from werkbote.actions.policy.facts import gather as gather
from werkbote.actions.policy.facts import processor as processor
from werkbote.actions.policy.ground import Wish as Wish
from werkbote.actions.policy.notices import house as house
from werkbote.actions.policy.notices import link as link
from werkbote.actions.policy.notices import notices as notices
from werkbote.actions.policy.planning import plannable as plannable
