"""The REST API, version 1: the same rows, rights and gate as the screens, for other programs."""

from werkbote.web.api.routes import api as api
