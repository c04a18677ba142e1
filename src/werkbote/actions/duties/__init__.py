"""Duties of the controller: the register of recipients with its switches, and the papers about it."""

from werkbote.actions.duties.recipients import record as record
from werkbote.actions.duties.recipients import release as release
from werkbote.actions.duties.recipients import stop as stop
