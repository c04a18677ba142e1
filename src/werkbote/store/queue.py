"""Job names and the one way to enqueue: a job commits, or vanishes, with the deed that asked for it.

Intake and outbox are not here: their tables are their own queues (decision 0007).
"""

from datetime import timedelta
from enum import StrEnum

from procrastinate.contrib.django import app


class Job(StrEnum):
    """Every job there is; `worker/jobs.py` binds each name to one action."""

    FETCH_MEDIA = "fetch_media"
    READ_OLD_CHAT = "read_old_chat"
    NOTICE_SILENCE = "notice_silence"
    LET_GO = "let_go"
    KEEP_CONSENTS = "keep_consents"
    ERASE = "erase"
    ERASE_DUE = "erase_due"
    SWEEP = "sweep"
    NOTICE_DRIFT = "notice_drift"
    BACK_UP = "back_up"
    DRILL = "drill"
    TELL_DEVICES = "tell_devices"
    INDEX_NAMES = "index_names"
    MIND_THE_DESK = "mind_the_desk"
    REMIND_OF_REQUESTS = "remind_of_requests"
    TELL_SUBSCRIBERS = "tell_subscribers"
    REVIVE_JOBS = "revive_jobs"
    SPREAD_ISSUE = "spread_issue"
    COLLECT_RETURNED = "collect_returned"


def enqueue(job: Job, *, organisation: int, object_id: int, delay: timedelta | None = None) -> None:
    """Enqueue `job` for one object; arguments are ids and nothing else."""
    task = app.configure_task(
        job.value, schedule_in={"seconds": delay.total_seconds()} if delay else None
    )
    task.defer(organisation=organisation, object_id=object_id)
