"""Duties of the controller: what leaves the house and to whom, and the papers that say so."""

from werkbote.domain.duties import joint as joint
from werkbote.domain.duties import officer as officer
from werkbote.domain.duties import outside as outside
from werkbote.domain.duties import papers as papers
from werkbote.domain.duties import recipients as recipients
from werkbote.domain.duties import records as records
