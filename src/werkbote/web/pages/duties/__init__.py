"""Pages of the controller's duties: what leaves the house, who receives it, and the papers about it."""

from werkbote.web.pages.duties import joint as joint
from werkbote.web.pages.duties import officer as officer
from werkbote.web.pages.duties import outside as outside
from werkbote.web.pages.duties import recipients as recipients
from werkbote.web.pages.duties import records as records
