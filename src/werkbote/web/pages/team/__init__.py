"""Pages of the team: coming in, one's own account and factors, who belongs to it."""

from werkbote.web.pages.team import account as account
from werkbote.web.pages.team import factors as factors
from werkbote.web.pages.team import interfaces as interfaces
from werkbote.web.pages.team import locking as locking
from werkbote.web.pages.team import members as members
from werkbote.web.pages.team import signing as signing
from werkbote.web.pages.team import support as support
