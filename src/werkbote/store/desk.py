"""What both looking and acting need of the desk: opening hours with their holidays, names of labels."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

import holidays

from werkbote.domain import desk
from werkbote.store import models


def hours(branches: Iterable[int], *, at: datetime) -> Mapping[int, desk.Hours]:
    """Return when branches are open, by id; a branch that set nothing never closes. In a scope."""
    wanted = set(branches)
    year = at.astimezone(desk.ZONE).year
    closed: dict[int, list[desk.Closed]] = {}
    for row in models.BranchClosed.objects.filter(branch__in=wanted):
        closed.setdefault(row.branch_id, []).append(desk.Closed(first=row.first, last=row.last))
    rows = models.BranchHours.objects.filter(branch__in=wanted).select_related("branch")
    found = {
        row.branch_id: desk.Hours(
            week=desk.parse_week(row.week),
            holidays=public_holidays(row.branch.state_code, year)
            if row.keeps_holidays
            else frozenset(),
            closed=tuple(closed.get(row.branch_id, ())),
        )
        for row in rows
    }
    return {branch: found.get(branch, desk.Hours()) for branch in wanted}


@lru_cache(maxsize=64)
def public_holidays(state_code: str, year: int) -> frozenset[date]:
    """Return the public holidays of a Bundesland for a year, the one before and the one after it."""
    years = [year - 1, year, year + 1]
    return frozenset(holidays.country_holidays("DE", subdiv=state_code, years=years))
