"""Programs beside the demonstration, with its home: replying, planning advertising, moving time on.

python -m tests.journeys.member reply PROTOCOL | plan CONVERSATION | colleague | upkeep
"""

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

_PAUSE = 0.2
EVERY = 6


def _reply(protocol: Path) -> None:
    """Reply to one text in EVERY, twice under the same key, and write down each key once queued."""
    from django.db import Error, connection  # noqa: PLC0415 -- slow import

    done: set[str] = set()
    with protocol.open("a", buffering=1) as lines:
        while True:
            try:
                for organisation, conversation, name in _unanswered(done):
                    _queue(organisation, conversation, name)
                    done.add(name)
                    lines.write(f"{name}\n")
            except (Error, OSError):
                connection.close()
            time.sleep(_PAUSE)


def _unanswered(done: set[str]) -> list[tuple[int, int, str]]:
    from werkbote.actions import upkeep  # noqa: PLC0415 -- slow import
    from werkbote.store import models, scope  # noqa: PLC0415 -- slow import

    found = []
    for organisation in list(upkeep.organisations()):
        with scope.looking(organisation=organisation):
            rows = models.Message.objects.filter(outgoing=False, kind="text").values_list(
                "conversation_id", "provider_id"
            )
            found += [
                (organisation, conversation, name)
                for conversation, name in rows
                if name not in done and int(name[-4:], 16) % EVERY == 0
            ]
    return found


def _queue(organisation: int, conversation: int, name: str) -> None:
    from werkbote.actions import drafts, outbox  # noqa: PLC0415 -- slow import

    wish = drafts.Draft(text="Ja, er steht auf dem Hof.", request_key=f"re:{name}")
    now = datetime.now(UTC)
    made = {
        outbox.queue_message(
            organisation=organisation,
            conversation=conversation,
            draft=wish,
            purpose="P-02",
            by=None,
            at=now,
        )
        for _ in range(2)
    }
    assert len(made) == 1, "One key queued two messages."


def _plan(conversation: int) -> None:
    """Plan an advertising message for tomorrow."""
    from werkbote.actions import drafts, outbox, upkeep  # noqa: PLC0415 -- slow import

    (organisation,) = upkeep.organisations()
    outbox.queue_message(
        organisation=organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Winterreifen ab 399 Euro.", request_key="planned"),
        purpose="P-05",
        by=None,
        at=datetime.now(UTC) + timedelta(days=1),
    )


def _colleague() -> None:
    """Make a second member of the dealership and say how they sign in: address and password."""
    import secrets  # noqa: PLC0415 -- slow import

    from werkbote.actions import team, upkeep  # noqa: PLC0415 -- slow import
    from werkbote.domain import team as roles  # noqa: PLC0415 -- slow import
    from werkbote.reads import team as reading  # noqa: PLC0415 -- slow import
    from werkbote.store import models, scope  # noqa: PLC0415 -- slow import

    (organisation,) = upkeep.organisations()
    with scope.looking(organisation=organisation):
        branches = list(models.Branch.objects.values_list("id", flat=True))
    now, email, password = (
        datetime.now(UTC),
        f"bela.{secrets.token_hex(4)}@autohaus.example",
        secrets.token_hex(12),
    )
    made = team.create_member(
        organisation=organisation,
        email=email,
        name="Bela Beispiel",
        password=password,
        role=roles.Role.AGENT,
        language="de",
        branches=branches,
        by="system",
        at=now,
    )
    version = reading.policy_version(day=now.date())
    team.acknowledge(organisation=organisation, version=version, by=made, at=now)
    sys.stdout.write(f"{email} {password}\n")


def _upkeep() -> None:
    from werkbote.actions import upkeep  # noqa: PLC0415 -- slow import

    count = upkeep.notice_silence(at=datetime.now(UTC) + timedelta(minutes=11))
    sys.stdout.write(f"{count}\n")


def main() -> None:
    django.setup()
    if sys.argv[1] == "reply":
        _reply(Path(sys.argv[2]))
    elif sys.argv[1] == "plan":
        _plan(int(sys.argv[2]))
    elif sys.argv[1] == "colleague":
        _colleague()
    else:
        _upkeep()


if __name__ == "__main__":
    main()
