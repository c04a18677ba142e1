"""Jobs of the queue: who loses the database under its work comes again, who fails for another reason does not."""

import asyncio
from typing import cast

import psycopg
import pytest
from django.db import InterfaceError, OperationalError
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from werkbote.actions import media
from werkbote.store import queue
from werkbote.worker import jobs

pytestmark = pytest.mark.usefixtures("no_jobs")


def work() -> None:
    """Do what is due in the queue of files, as a worker does, and stop."""

    async def once() -> None:
        connector = cast("DjangoConnector", app.connector).get_worker_connector()
        async with app.with_connector(connector).open_async() as opened:
            await opened.run_worker_async(
                wait=False,
                queues=["media"],
                install_signal_handlers=False,
                delete_jobs="successful",
            )

    asyncio.run(once())


def left(owner: psycopg.Connection) -> list[tuple[str, int, bool]]:
    """State, tries, and whether it waits for a later moment, of every job there is."""
    query = "SELECT status::text, attempts, scheduled_at > now() FROM procrastinate_jobs"
    return owner.execute(query).fetchall()


@pytest.mark.parametrize(
    "lost", [OperationalError, InterfaceError, psycopg.OperationalError, OSError]
)
def test_a_file_is_fetched_later_when_the_database_went_away_meanwhile(owner, monkeypatch, lost):
    assert jobs.fetch_media.name == queue.Job.FETCH_MEDIA
    fetched = []

    def gone(**_given: object) -> None:
        raise lost("the connection is lost")

    monkeypatch.setattr(media, "fetch", gone)
    queue.enqueue(queue.Job.FETCH_MEDIA, organisation=1, object_id=2)
    work()
    assert left(owner) == [("todo", 1, True)]
    monkeypatch.setattr(media, "fetch", lambda **given: fetched.append(given["media"]))
    owner.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    work()
    assert (fetched, left(owner)) == ([2], [])


def test_a_mistake_of_ours_is_not_repeated_for_hours(owner, monkeypatch):
    def wrong(**_given: object) -> None:
        raise LookupError("nothing like that")

    monkeypatch.setattr(media, "fetch", wrong)
    queue.enqueue(queue.Job.FETCH_MEDIA, organisation=1, object_id=2)
    work()
    assert [state for state, _, _ in left(owner)] == ["failed"]
