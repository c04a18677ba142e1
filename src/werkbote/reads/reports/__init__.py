"""Reports: what was written, how soon it was answered, what was missed; by branch and team, not by name."""

from werkbote.reads.reports.figures import Choices as Choices
from werkbote.reads.reports.figures import Line as Line
from werkbote.reads.reports.figures import Report as Report
from werkbote.reads.reports.figures import UnableToReport as UnableToReport
from werkbote.reads.reports.figures import Wanted as Wanted
from werkbote.reads.reports.figures import choices as choices
from werkbote.reads.reports.figures import report as report
from werkbote.reads.reports.persons import Member as Member
from werkbote.reads.reports.persons import Standing as Standing
from werkbote.reads.reports.persons import members as members
from werkbote.reads.reports.persons import standing as standing
from werkbote.reads.reports.pictures import Words as Words
from werkbote.reads.reports.pictures import pictures as pictures
