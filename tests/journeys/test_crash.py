"""Everything is killed at random while bodies arrive and replies leave: nothing is lost or doubled."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys import callers, demonstration, killing, member

BODIES, REPEATED = 4500, 500
CONNECTIONS = 8
STORM_SECONDS = 75.0
PATIENCE = 90.0

_STATES = "SELECT state, count(*) FROM message WHERE permit_id IS NOT NULL GROUP BY state"
_WAITING = """
SELECT (SELECT count(*) FROM webhook_event WHERE state = 'received'),
       (SELECT count(*) FROM message WHERE state = 'queued')
"""
_ORPHANED_MEDIA = """
SELECT count(*) FROM media m WHERE state = 'waiting' AND NOT EXISTS (
    SELECT FROM procrastinate_jobs j
    WHERE j.task_name = 'fetch_media' AND j.status IN ('todo', 'doing')
      AND (j.args ->> 'object_id')::bigint = m.id)
"""


@contextmanager
def _replying(demo: demonstration.Demonstration, protocol: Path) -> Iterator[None]:
    process = _member(demo, "reply", str(protocol))
    try:
        yield
        assert process.poll() is None, "The replier gave up."
    finally:
        process.kill()
        process.communicate()


def _member(demo: demonstration.Demonstration, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.member", *words],
        env=demonstration.surroundings(
            demo.home,
            DJANGO_SETTINGS_MODULE="werkbote.config.settings",
            WERKBOTE_LOG_LEVEL="error",
        ),
        cwd=demonstration.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def _until(what: str, holds: Callable[[], Any]) -> None:
    """Wait until something holds; fails when nothing has moved for PATIENCE seconds."""
    before, deadline = None, time.monotonic() + PATIENCE
    while (found := holds()) is not True:
        if found != before:
            before, deadline = found, time.monotonic() + PATIENCE
        assert time.monotonic() < deadline, f"{what}: {found}"
        time.sleep(0.5)


def _furnish(client: httpx.Client, line: callers.Line) -> None:
    """Tell the simulator of everybody who writes; who wrote to whom it need not know."""
    number = f"/sim/numbers/{line.phone_number_id}"
    assert client.put(number, json={"enforce_window": False}).is_success
    for position, phone in enumerate(callers.phones()):
        made = {"name": "Alex Beispiel", "phone": phone, "deliver_seconds": 0.05}
        client.put(f"/sim/customers/p{position}", json=made)
    for position, user_id in enumerate(callers.user_ids()):
        made = {"name": "Alex Beispiel", "phone": None, "bsuid": user_id, "deliver_seconds": 0.05}
        assert client.put(f"/sim/customers/u{position}", json=made).is_success


def _received(client: httpx.Client) -> list[dict[str, Any]]:
    answer = client.get("/sim/log", params={"after": 0, "limit": 50_000}).json()
    found: list[dict[str, Any]] = answer["entries"]
    assert answer["dropped"] == 0
    return found


def _reported(client: httpx.Client) -> Any:
    """Whether the simulator got rid of all its news; its clock is moved on to its next tries."""
    found = client.get("/sim/webhooks").json()
    left = found["queued_updates"] + found["waiting"]
    if found["waiting"]:
        client.post("/sim/clock", json={"advance_seconds": 30})
    return left == 0 or left


def _understood(demo: demonstration.Demonstration) -> Any:
    ((received, _),) = demo.look(_WAITING)
    return received == 0 or received


def _quiet(demo: demonstration.Demonstration) -> Any:
    (found,) = demo.look(_WAITING)
    return found == (0, 0) or found


def _all_queued(protocol: Path, wanted: int) -> Any:
    done = len(protocol.read_text().splitlines())
    return done == wanted or (done, wanted)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_kill_loses_nothing_and_sends_nothing_twice(tmp_path: Path, capsys: Any) -> None:
    seed, began = int(os.environ.get("CRASH_SEED", "908190")), time.monotonic()
    with capsys.disabled():
        sys.stdout.write(f"crash: CRASH_SEED={seed}\n")
    chance = random.Random(seed)
    home, protocol = tmp_path / "home", tmp_path / "replies.txt"
    home.mkdir(mode=0o711)
    protocol.touch()
    with demonstration.running(home) as demo:
        known = demo.known()
        line = callers.Line(
            port=demo.port,
            slug=known["slug"],
            secret=known["app_secret"],
            phone_number_id="100000000000001",
            account_id="200000000000001",
        )
        storm = callers.storm(line, bodies=BODIES, repeated=REPEATED, chance=chance)
        address = f"http://127.0.0.1:{demo.run_file()['sandbox_port']}"
        bringers = callers.Bringers(
            line=line, connections=CONNECTIONS, per_second=len(storm.posts) / STORM_SECONDS
        )
        killer = killing.Killer(demo=demo, chance=chance)
        with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
            _furnish(client, line)
            with _replying(demo, protocol):
                bringers.start(storm.posts)
                killer.run(seconds=STORM_SECONDS)
                assert bringers.finish(PATIENCE), f"{bringers.acknowledged} of {len(storm.posts)}"
                _until("bodies are understood", lambda: _understood(demo))
                _until("replies are queued", lambda: _all_queued(protocol, _wanted(demo)))
                _until("replies leave", lambda: _quiet(demo))
            _until("news is reported", lambda: _reported(client))
            _until("news is understood", lambda: _quiet(demo))
            received = _received(client)
            _check_intake(demo, storm)
            _check_outbox(demo, received, protocol)
            states = dict(demo.look(_STATES))
    left = demonstration.left_over(home)
    with capsys.disabled():
        sys.stdout.write(
            f"\ncrash: seed {seed}, {len(storm.posts)} bodies ({REPEATED} repeated, "
            f"{bringers.broken} broken off, {bringers.refused} refused), "
            f"{len(storm.messages)} messages, {len(received)} sends, {states}, "
            f"killed {sum(killer.killed.values())}: {dict(killer.killed)}, "
            f"{time.monotonic() - began:.0f} s\n"
        )
    assert sum(killer.killed.values()) >= 20
    assert left == [], "Processes of killed parts live on."
    assert demo.process.returncode == 0


def _wanted(demo: demonstration.Demonstration) -> int:
    rows = demo.look("SELECT provider_id FROM message WHERE NOT outgoing AND kind = 'text'")
    return sum(int(name[-4:], 16) % member.EVERY == 0 for (name,) in rows)


def _check_intake(demo: demonstration.Demonstration, storm: callers.Storm) -> None:
    stored = demo.look("SELECT provider_id FROM message WHERE NOT outgoing ORDER BY 1")
    assert [name for (name,) in stored] == demo.named(storm.messages)
    changes = demo.look("SELECT provider_id FROM message_change ORDER BY 1")
    assert [name for (name,) in changes] == demo.named(storm.reactions)
    assert demo.look("SELECT count(*) FROM not_understood WHERE field = 'weather'") == [
        (storm.news,)
    ]
    assert demo.look("SELECT why FROM not_understood WHERE why LIKE '%%stored%%'") == []
    ((dead,),) = demo.look("SELECT count(*) FROM webhook_event WHERE state = 'dead'")
    assert dead == 0
    assert demo.look(_ORPHANED_MEDIA) == [(0,)]


def _check_outbox(
    demo: demonstration.Demonstration, received: list[dict[str, Any]], protocol: Path
) -> None:
    sent = Counter(one["biz_opaque_callback_data"] for one in received)
    assert [name for name, count in sent.items() if count > 1] == []
    wishes = demo.look("SELECT substr(request_key, 4) FROM message WHERE outgoing ORDER BY 1")
    assert [name for (name,) in wishes] == sorted(protocol.read_text().splitlines())
    permits = dict(
        demo.look(
            "SELECT message_ref::text, min(decided_at) FROM decision WHERE permitted GROUP BY 1"
        )
    )
    late = [
        one
        for one in received
        if permits[one["biz_opaque_callback_data"]].timestamp() > one["wall"]
    ]
    assert late == []
    sending = {str(row) for (row,) in demo.look("SELECT id FROM message WHERE state = 'sending'")}
    assert sending & sent.keys() == set(), "A received message was never settled."
    assert len(sending) <= 150
    said, _ = _member(demo, "upkeep").communicate(timeout=120)
    assert int(said) == len(sending)
    states = dict(demo.look(_STATES))
    assert states.get("unknown", 0) == len(sending)
    assert set(states) <= {"unknown", "sent", "delivered", "read"}
