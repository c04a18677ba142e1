"""The desk as its screens show it: the panel beside a thread, how the house is arranged, trials."""

from werkbote.reads.desk.arrangement import Arranged as Arranged
from werkbote.reads.desk.arrangement import Trial as Trial
from werkbote.reads.desk.arrangement import arranged as arranged
from werkbote.reads.desk.arrangement import check_branch as check_branch
from werkbote.reads.desk.arrangement import labels as labels
from werkbote.reads.desk.nudges import Nudge as Nudge
from werkbote.reads.desk.nudges import nudges as nudges
from werkbote.reads.desk.panel import Panel as Panel
from werkbote.reads.desk.panel import panel as panel
from werkbote.reads.desk.replies import Reply as Reply
from werkbote.reads.desk.replies import offered as offered
from werkbote.reads.desk.replies import replies as replies
from werkbote.reads.desk.trial import trial as trial
