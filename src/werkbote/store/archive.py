"""The archive of commercial letters: rows the database refuses to change, and to delete before their day."""

from django.db import connection


def end() -> None:
    """Let this transaction delete archived messages: the sweep on their day, and an erasure.

    Without it a trigger refuses, whatever asks (migration 0031).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('werkbote.ending', 'on', true)")
