"""Words for the team: what a training was about."""

from django.utils.translation import gettext_lazy as _

from werkbote.domain import team
from werkbote.web.labels import Words

TOPICS: dict[str, Words] = {
    team.Topic.MESSENGER: _("Messenger policy"),
    team.Topic.PRIVACY: _("Data protection"),
    team.Topic.SECURITY: _("Security"),
}
