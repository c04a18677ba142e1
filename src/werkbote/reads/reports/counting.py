"""The counting itself: three queries over a period, over what the viewer may see and nothing else."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from werkbote.domain import desk, reports
from werkbote.store import desk as arrangements

_BEFORE = timedelta(days=7)
"""How far back and ahead of the period a wait may reach."""

_HERE = """
here AS (
    SELECT c.id, n.branch_id, c.team_id FROM conversation c
    JOIN number n ON n.id = c.number_id JOIN person p ON p.id = c.person_id
    WHERE n.branch_id = ANY(%(branches)s) AND n.channel <> 'mail' AND p.restricted_at IS NULL
      AND c.spam_at IS NULL AND (%(team)s::bigint IS NULL OR c.team_id = %(team)s)
)"""

_VOLUMES = f"""
WITH {_HERE}
SELECT (m.at AT TIME ZONE 'Europe/Berlin')::date AS day, here.branch_id, here.team_id,
       count(*) FILTER (WHERE NOT m.outgoing), count(*) FILTER (WHERE m.outgoing)
FROM message m JOIN here ON here.id = m.conversation_id
WHERE m.at >= %(since)s AND m.at < %(until)s AND NOT m.historic
  AND (NOT m.outgoing OR m.sent_at IS NOT NULL)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608 -- our own words; values are bound

_WAITS = f"""
WITH {_HERE}, said AS (
    SELECT m.conversation_id, m.at, m.outgoing, m.author_id, here.branch_id, here.team_id,
           count(*) FILTER (WHERE m.outgoing) OVER (
               PARTITION BY m.conversation_id ORDER BY m.at, m.id
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS answers
    FROM message m JOIN here ON here.id = m.conversation_id
    WHERE m.at >= %(since)s - %(before)s AND m.at < %(until)s + %(before)s AND NOT m.historic
      AND m.kind <> 'system' AND NOT m.courtesy AND (NOT m.outgoing OR m.author_id IS NOT NULL
        AND m.state NOT IN ('refused', 'cancelled', 'failed'))
), waits AS (
    SELECT conversation_id, branch_id, team_id,
           min(at) FILTER (WHERE NOT outgoing) AS asked, max(at) FILTER (WHERE NOT outgoing) AS last,
           min(at) FILTER (WHERE outgoing) AS answered,
           (array_agg(author_id) FILTER (WHERE outgoing))[1] AS by
    FROM said GROUP BY conversation_id, branch_id, team_id, answers
)
SELECT branch_id, team_id, asked, last,
       extract(hour FROM asked AT TIME ZONE 'Europe/Berlin')::int, answered, by,
       (SELECT min(e.at) FROM conversation_event e
        WHERE e.conversation_id = waits.conversation_id AND e.kind = 'closed'
          AND e.at >= waits.asked AND (waits.answered IS NULL OR e.at < waits.answered))
FROM waits WHERE asked >= %(since)s AND asked < %(until)s ORDER BY asked, conversation_id
"""  # noqa: S608 -- our own words; values are bound

_CLOSINGS = f"""
WITH {_HERE}, closed AS (
    SELECT here.branch_id, here.team_id, e.conversation_id, e.at,
           lag(e.at) OVER (PARTITION BY e.conversation_id ORDER BY e.at, e.id) AS before
    FROM conversation_event e JOIN here ON here.id = e.conversation_id WHERE e.kind = 'closed'
)
SELECT branch_id, team_id, closed.at - (
    SELECT min(m.at) FROM message m WHERE m.conversation_id = closed.conversation_id
      AND NOT m.outgoing AND m.at <= closed.at AND (before IS NULL OR m.at > before))
FROM closed WHERE at >= %(since)s AND at < %(until)s ORDER BY at, conversation_id
"""  # noqa: S608 -- our own words; values are bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is counted: branches, maybe one team, from one moment until another."""

    branches: Collection[int]
    team: int | None
    since: datetime
    until: datetime


def count(span: Span, *, at: datetime) -> reports.Counted:
    """Return everything that was counted. Inside `looking`; five queries whatever the period."""
    hours = arrangements.hours(span.branches, at=at)
    return reports.Counted(
        volumes=[
            reports.Volume(day=day.toordinal(), branch=branch, team=team, received=got, sent=sent)
            for day, branch, team, got, sent in _rows(_VOLUMES, span)
        ],
        waits=[_wait(row, hours) for row in _rows(_WAITS, span)],
        closings=[
            reports.Closing(branch=branch, team=team, took=took)
            for branch, team, took in _rows(_CLOSINGS, span)
            if took is not None
        ],
    )


def _rows(query: str, span: Span) -> Sequence[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "branches": list(span.branches),
        "team": span.team,
        "since": span.since,
        "until": span.until,
        "before": _BEFORE,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return found


def _wait(row: tuple[Any, ...], hours: Mapping[int, desk.Hours]) -> reports.Wait:
    branch, team, asked, last, hour, answered, by, settled = row
    return reports.Wait(
        branch=branch,
        team=team,
        asked_at=asked,
        last_at=last,
        hour=hour,
        answered_at=answered if settled is None else None,
        settled_at=settled,
        working=hours[branch].between(asked, answered)
        if answered is not None and settled is None
        else None,
        by=by,
    )
