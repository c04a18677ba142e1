"""What pages that follow the list are told: a changed row, read and drawn once for all who may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.contrib.sessions.backends.db import SessionStore
from django.utils import translation

from werkbote.domain import team
from werkbote.reads import access, inbox
from werkbote.web import desk_components, sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """The list a page shows: a view, of one branch or of all."""

    view: inbox.View
    branch: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A page that waits for rows. `mark` is its session as it was when `viewer` was last asked for."""

    key: str
    viewer: access.Viewer
    follows: Follows
    mark: tuple[object, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a page is told, as JSON, empty for nothing; `viewer` is None where its session is over.

    `counts` are those beside the views, where they were asked for.
    """

    viewer: access.Viewer | None
    mark: tuple[object, ...] | None
    rows: str = ""
    counts: str = ""


def answers(
    askers: Sequence[Asker], changed: Mapping[int, int], *, at: datetime, count: bool = False
) -> list[Answer]:
    """Return an answer to each page of one organisation about changed conversations, each with its branch.

    Nobody is told anything on the word of a session that has changed since it was asked for: who has
    signed out, locked the screen or lost a branch hears nothing more.
    """
    known = [_known(asker, mark) for asker, mark in zip(askers, _marks(askers, at), strict=True)]
    followers = [
        None if viewer is None else _follower(viewer, asker.follows)
        for asker, (viewer, _) in zip(askers, known, strict=True)
    ]
    seeing = [follower for follower in followers if follower is not None]
    telling = _Telling(seeing, changed, at=at) if seeing and changed else None
    counts = _counts({one.viewer.member: one.viewer for one in seeing}, at=at) if count else {}
    return [
        Answer(
            viewer=viewer,
            mark=mark,
            rows=telling.rows(follower) if telling and follower else "",
            counts=counts.get(viewer.member, "") if viewer else "",
        )
        for (viewer, mark), follower in zip(known, followers, strict=True)
    ]


def _counts(viewers: Mapping[int, access.Viewer], *, at: datetime) -> Mapping[int, str]:
    """Return for each member what stands beside their views: one query for each."""
    return {
        member: orjson.dumps(
            {
                view.value: desk_components.upto(number) if number else ""
                for view, number in inbox.counts(viewer=viewer, at=at).items()
            }
        ).decode()
        for member, viewer in viewers.items()
    }


def _marks(askers: Sequence[Asker], at: datetime) -> list[tuple[object, ...] | None]:
    found = sessions.marks({asker.key: asker.viewer for asker in askers}, at=at)
    return [found[asker.key] for asker in askers]


def _known(
    asker: Asker, mark: tuple[object, ...] | None
) -> tuple[access.Viewer | None, tuple[object, ...] | None]:
    """Return who looks: as known where nothing changed, else as the session says now."""
    if mark is not None and mark == asker.mark:
        return asker.viewer, mark
    viewer = None if mark is None else sessions.viewer(SessionStore(asker.key))
    if viewer is None or viewer.member != asker.viewer.member:
        return None, None
    return (viewer, mark) if viewer.can(team.Right.READ_CHATS) else (None, None)


def _follower(viewer: access.Viewer, follows: Follows) -> inbox.Follower:
    return inbox.Follower(viewer=viewer, view=follows.view, branch=follows.branch)


class _Telling:
    """Rows of one moment: each is drawn once per language."""

    def __init__(
        self, followers: Sequence[inbox.Follower], changed: Mapping[int, int], *, at: datetime
    ) -> None:
        self._changed = changed
        self._lines = inbox.lines(followers=followers, wanted=changed.keys(), at=at)
        self._drawn: dict[tuple[str, int], str] = {}

    def rows(self, follower: inbox.Follower) -> str:
        """Return the JSON for one page; a row without HTML stands no longer, or never stood, in its list."""
        here = follower.viewer.branches
        rows = [self._row(follower, one) for one, at in self._changed.items() if at in here]
        return orjson.dumps(rows).decode() if rows else ""

    def _row(self, follower: inbox.Follower, conversation: int) -> dict[str, str]:
        line = self._lines.of(follower, conversation)
        if line is None:
            return {"id": str(conversation)}
        return {"id": str(conversation), "html": self._html(follower.viewer.language, line)}

    def _html(self, language: str, line: inbox.Conversation) -> str:
        place = language, line.id
        if place not in self._drawn:
            with translation.override(language):
                self._drawn[place] = desk_components.row(line=line)
        return self._drawn[place]
