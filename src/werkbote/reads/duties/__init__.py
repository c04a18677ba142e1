"""Duties of the controller as screens and papers show them: what leaves the house, and to whom."""

from werkbote.reads.duties.joint import agreement_paper as agreement_paper
from werkbote.reads.duties.joint import agreements as agreements
from werkbote.reads.duties.officer import Officer as Officer
from werkbote.reads.duties.officer import officer as officer
from werkbote.reads.duties.outside import Outside as Outside
from werkbote.reads.duties.outside import Way as Way
from werkbote.reads.duties.outside import of_house as of_house
from werkbote.reads.duties.outside import outside as outside
from werkbote.reads.duties.outside import plain as plain
from werkbote.reads.duties.papers import Standing as Standing
from werkbote.reads.duties.papers import Version as Version
from werkbote.reads.duties.papers import records as records
from werkbote.reads.duties.papers import version as version
from werkbote.reads.duties.recipients import Recipient as Recipient
from werkbote.reads.duties.recipients import recipient as recipient
from werkbote.reads.duties.recipients import recipients as recipients
