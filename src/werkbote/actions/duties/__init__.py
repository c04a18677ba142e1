"""Duties of the controller: the register of recipients with its switches, and the papers about it."""

from werkbote.actions.duties.papers import UnableToMake as UnableToMake
from werkbote.actions.duties.papers import make as make
from werkbote.actions.duties.papers import take_out as take_out
from werkbote.actions.duties.papers import took_out as took_out
from werkbote.actions.duties.recipients import record as record
from werkbote.actions.duties.recipients import release as release
from werkbote.actions.duties.recipients import stop as stop
