"""What runs when: the only place with clock times."""

from datetime import UTC, datetime

from procrastinate import JobContext
from procrastinate.contrib.django import app

from werkbote.actions import backup, newsletter, upkeep
from werkbote.store.queue import Job

_STALLED_AFTER = 60.0


@app.periodic(cron="* * * * *")
@app.task(name=Job.NOTICE_SILENCE, queueing_lock=Job.NOTICE_SILENCE)
def notice_silence(timestamp: int) -> None:
    """Every minute: messages nobody reported back on go to a person."""
    del timestamp
    upkeep.notice_silence(at=datetime.now(UTC))


@app.periodic(cron="* * * * * */5")
@app.task(name=Job.TELL_SUBSCRIBERS, queueing_lock=Job.TELL_SUBSCRIBERS)
def tell_subscribers(timestamp: int) -> None:
    """Every five seconds: other programs hear which conversations changed."""
    del timestamp
    upkeep.tell_subscribers(at=datetime.now(UTC))


@app.periodic(cron="17 3 * * *")
@app.task(name=Job.LET_GO, queueing_lock=Job.LET_GO)
def let_go(timestamp: int) -> None:
    """Every night: what is kept for days goes after its days."""
    del timestamp
    upkeep.let_go(at=datetime.now(UTC))


@app.periodic(cron="47 3 * * *")
@app.task(name=Job.BACK_UP, queueing_lock=Job.BACK_UP)
def back_up(timestamp: int) -> None:
    """Every night, where it is set up: a backup, restored once as proof."""
    del timestamp
    backup.make(at=datetime.now(UTC))


@app.periodic(cron="7 4 2 1,4,7,10 *")
@app.task(name=Job.DRILL, queueing_lock=Job.DRILL)
def drill(timestamp: int) -> None:
    """Every quarter: the newest backup is restored from its shelf, replayed and checked."""
    del timestamp
    backup.drill(at=datetime.now(UTC))


@app.periodic(cron="37 2 * * *")
@app.task(name=Job.KEEP_CONSENTS, queueing_lock=Job.KEEP_CONSENTS)
def keep_consents(timestamp: int) -> None:
    """Every night: consents fall due, notices are published, the heads of the chains are copied."""
    del timestamp
    upkeep.keep_consents(at=datetime.now(UTC))


@app.periodic(cron="27 1 * * *")
@app.task(name=Job.INDEX_NAMES, queueing_lock=Job.INDEX_NAMES)
def index_names(timestamp: int) -> None:
    """Every night: people and cases from before the index of names become findable."""
    del timestamp
    upkeep.index_names()


@app.periodic(cron="47 1 * * *")
@app.task(name=Job.SWEEP, queueing_lock=Job.SWEEP)
def sweep(timestamp: int) -> None:
    """Every night: what the deletion classes say is due, goes."""
    del timestamp
    upkeep.sweep(at=datetime.now(UTC))


@app.periodic(cron="7 2 * * *")
@app.task(name=Job.NOTICE_DRIFT, queueing_lock=Job.NOTICE_DRIFT)
def notice_drift(timestamp: int) -> None:
    """Every night: settings that are newly away from their privacy default ask for a reason."""
    del timestamp
    upkeep.notice_drift(at=datetime.now(UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(name=Job.ERASE_DUE, queueing_lock=Job.ERASE_DUE)
def erase_due(timestamp: int) -> None:
    """Every five minutes: erasures that failed, or whose worker died, go on."""
    del timestamp
    upkeep.erase_due(at=datetime.now(UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(name=Job.COLLECT_RETURNED, queueing_lock=Job.COLLECT_RETURNED)
def collect_returned(timestamp: int) -> None:
    """Every five minutes: e-mails that came back end sending to addresses that do not exist."""
    del timestamp
    newsletter.collect(at=datetime.now(UTC))


@app.periodic(cron="* * * * *")
@app.task(name=Job.MIND_THE_DESK, queueing_lock=Job.MIND_THE_DESK)
def mind_the_desk(timestamp: int) -> None:
    """Every minute: rested conversations return, closing windows are told of."""
    del timestamp
    upkeep.mind_the_desk(at=datetime.now(UTC))


@app.periodic(cron="*/10 * * * *")
@app.task(name=Job.REMIND_OF_REQUESTS, queueing_lock=Job.REMIND_OF_REQUESTS)
def remind_of_requests(timestamp: int) -> None:
    """Every ten minutes: whoever answers requests is reminded of one that nears its day."""
    del timestamp
    upkeep.remind_of_requests(at=datetime.now(UTC))


@app.periodic(cron="*/2 * * * *")
@app.task(name=Job.REVIVE_JOBS, queueing_lock=Job.REVIVE_JOBS, pass_context=True)
async def revive_jobs(context: JobContext, timestamp: int) -> None:
    """Every two minutes: jobs whose worker died are given to another."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_AFTER):
        await manager.retry_job(job)
