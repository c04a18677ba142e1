"""Pages of the newsletter: what readers see, and where the team writes."""

from werkbote.web.pages.newsletter import readers as readers
from werkbote.web.pages.newsletter import writing as writing
