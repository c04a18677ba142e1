"""Requests, erasures, holds and retention as screens show them: codes, counts and days; words only on demand."""

from werkbote.reads.privacy.archiving import Archive as Archive
from werkbote.reads.privacy.archiving import Letters as Letters
from werkbote.reads.privacy.archiving import Wanted as Wanted
from werkbote.reads.privacy.archiving import archive as archive
from werkbote.reads.privacy.archiving import check_letters as check_letters
from werkbote.reads.privacy.archiving import letters as letters
from werkbote.reads.privacy.overview import Erasure as Erasure
from werkbote.reads.privacy.overview import Hold as Hold
from werkbote.reads.privacy.overview import Overview as Overview
from werkbote.reads.privacy.overview import branches as branches
from werkbote.reads.privacy.overview import check_hold as check_hold
from werkbote.reads.privacy.overview import erasure as erasure
from werkbote.reads.privacy.overview import holds as holds
from werkbote.reads.privacy.overview import overview as overview
from werkbote.reads.privacy.packages import Bundle as Bundle
from werkbote.reads.privacy.packages import bundle as bundle
from werkbote.reads.privacy.packages import restricted as restricted
from werkbote.reads.privacy.requests import Request as Request
from werkbote.reads.privacy.requests import request as request
from werkbote.reads.privacy.retention import Probe as Probe
from werkbote.reads.privacy.retention import Retention as Retention
from werkbote.reads.privacy.retention import Row as Row
from werkbote.reads.privacy.retention import retention as retention
from werkbote.reads.privacy.unasked import Owed as Owed
from werkbote.reads.privacy.unasked import check_owed as check_owed
from werkbote.reads.privacy.unasked import owed as owed
