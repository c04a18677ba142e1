"""Tells Django where the one app lives."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """All tables, under the label `store`."""

    name = "werkbote.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
