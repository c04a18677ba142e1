"""One worker process: the jobs of the queue and the two loops, until it is asked to stop."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import cast

import procrastinate
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from werkbote.worker import jobs, loops, timetable

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.5
_PAUSE_SECONDS = 1.0
_LAST_JOBS_SECONDS = 15.0

BOUND = (jobs, timetable)
"""The modules whose tasks this process runs."""


def main(*, concurrency: int) -> None:
    """Run until SIGTERM or SIGINT; what is on its way is finished first.

    Ends with exit code 1 when a loop ended by itself: half a worker is none.
    """
    stop, broken = threading.Event(), threading.Event()
    threads = [
        threading.Thread(target=_live, args=[loop, stop, broken], name=loop.__name__)
        for loop in loops.LOOPS
    ]
    for thread in threads:
        thread.start()
    try:
        asyncio.run(_work(stop, concurrency=concurrency))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if broken.is_set():
        raise SystemExit(1)


def _live(
    loop: Callable[[threading.Event], None], stop: threading.Event, broken: threading.Event
) -> None:
    """Run a loop; should it end before it was asked to, the whole process ends and is started anew."""
    try:
        loop(stop)
    except Exception:  # noqa: BLE001 -- whatever it was, the process must not go on without it
        _LOG.exception("the loop %s broke", loop.__name__)
    if not stop.is_set():
        broken.set()
        os.kill(os.getpid(), signal.SIGTERM)


async def _work(stop: threading.Event, *, concurrency: int) -> None:
    """Run queue jobs; when the database goes away, come back as soon as it does."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    while not asked.is_set():
        jobs_ = asyncio.create_task(_run_jobs(concurrency))
        asking = asyncio.create_task(asked.wait())
        await asyncio.wait({jobs_, asking}, return_when=asyncio.FIRST_COMPLETED)
        if asked.is_set():
            stop.set()
            jobs_.cancel()
        else:
            asking.cancel()
        (ended,) = await asyncio.gather(jobs_, return_exceptions=True)
        if isinstance(ended, Exception) and not asked.is_set():
            _LOG.warning("jobs wait: %s", type(ended).__name__)
            await asyncio.sleep(_PAUSE_SECONDS)


async def _run_jobs(concurrency: int) -> None:
    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    worker_app: procrastinate.App = app.with_connector(connector)
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            concurrency=concurrency,
            fetch_job_polling_interval=_POLL_SECONDS,
            shutdown_graceful_timeout=_LAST_JOBS_SECONDS,
            install_signal_handlers=False,
            delete_jobs="successful",
        )
