"""What the frameworks keep."""

from werkbote.store.personal_data import words

_MEMBER = words.Whose.MEMBER

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="sessions.Session",
        purpose="keeping members signed in, and counting failed tries under keyed hashes",
        fields=(
            *words.each(
                "session_key", _MEMBER, words.Kind.CREDENTIAL, why="random; dead after sign-out"
            ),
            *words.each(
                "session_data", _MEMBER, words.Kind.REFERENCE, why="a row number, or counts"
            ),
            *words.work("expire_date"),
        ),
        ended=words.Ended.BY_AGE,
        kept="two weeks after the last visit",
    ),
    words.Table(
        model="procrastinate.ProcrastinateJob",
        purpose=words.OPERATE,
        fields=(
            *words.work("id queue_name task_name priority lock args status scheduled_at attempts"),
            *words.work("queueing_lock abort_requested worker"),
        ),
        ended=words.Ended.BY_AGE,
        kept="arguments are row numbers and nothing else",
    ),
    *(
        words.Table(
            model=model,
            purpose=words.OPERATE,
            fields=words.work(names),
            ended=words.Ended.KEPT,
            kept="tables of the framework, nobody's data",
        )
        for model, names in (
            ("procrastinate.ProcrastinateEvent", "id job type at"),
            ("procrastinate.ProcrastinateWorker", "id last_heartbeat"),
            (
                "procrastinate.ProcrastinatePeriodicDefer",
                "id task_name defer_timestamp job periodic_id",
            ),
            ("contenttypes.ContentType", "id app_label model"),
            ("auth.Permission", "id name content_type codename"),
            ("auth.Group", "id name"),
            ("auth.Group_permissions", "id group permission"),
        )
    ),
)
