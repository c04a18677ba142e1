"""Days of talks, played once: phones write by webhook, the team answers through the gate.

The simulator begins a week ago and its clock goes from line to line until now. No worker runs
meanwhile: this process does its work at the moment of each line, so that windows, reminders and
reports see what a week has left.
"""

import asyncio
import http.client
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from werkbote.config import demo, demo_cast, demo_script, env, sandbox

_PATIENCE = 30.0
_PAUSE = 0.01
_READ = "read"


class UnableToPlay(Exception):
    """A talk could not be played; the sentence says what did not happen."""


@dataclass(slots=True, kw_only=True)
class _Chat:
    """A talk while it is played: the ids of its messages on the phone, and its rows once known."""

    talk: demo_script.Talk
    sent: list[str] = field(default_factory=list)
    conversation: int = 0
    person: int = 0

    @property
    def number(self) -> demo_cast.Number:
        return demo_cast.NUMBERS[1 if self.talk.south else 0]

    @property
    def place(self) -> str:
        return "south" if self.talk.south else "branch"


class _Phones:
    """The simulator's control API."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection(sandbox.HOST, port, timeout=_PATIENCE)

    def ask(self, method: str, path: str, content: Mapping[str, Any] | None = None) -> Any:
        """Return what the simulator answers; raise UnableToPlay for a refusal."""
        body = None if content is None else json.dumps(content)
        self._line.request(method, path, body=body, headers={"content-type": "application/json"})
        answer = self._line.getresponse()
        said = answer.read()
        if answer.status not in {200, 201}:
            raise UnableToPlay(f"The simulator refused {path}: {said.decode(errors='replace')}")
        return json.loads(said)

    def move_clock(self, at: datetime) -> None:
        """Let the simulator's clock show a moment; it never goes back."""
        now = float(self.ask("GET", "/sim/clock")["now"])
        if at.timestamp() > now:
            self.ask("POST", "/sim/clock", {"advance_seconds": at.timestamp() - now})

    def settle(self) -> None:
        """Wait until every webhook has been answered."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            told = self.ask("GET", "/sim/webhooks")
            if not told["queued_updates"] and not told["waiting"]:
                return
            time.sleep(_PAUSE)
        raise UnableToPlay("The webhooks of the talks were not answered.")


class _Player:
    """Plays line by line, in the order of their moments."""

    def __init__(self, environment: env.Environment, known: Mapping[str, Any]) -> None:
        from werkbote.config import demo_answers, demo_desk  # noqa: PLC0415 -- slow import

        self._organisation = int(known["organisation"])
        self._known = known
        self._phones = _Phones(environment.sandbox_port)
        self._deeds = demo_desk
        self._answers = demo_answers
        self._desk = demo_desk.Desk(known=known)
        self._unread = False
        self._loop = asyncio.new_event_loop()

    def play(self, now: datetime) -> None:
        """Play everything until `now`."""
        chats = [_Chat(talk=one) for one in demo_script.talks(now)]
        steps = sorted(
            (
                (line.at, place, line, chat)
                for chat in chats
                for place, line in enumerate(chat.talk.lines)
            ),
            key=lambda one: (one[0], one[3].talk.key, one[1]),
        )
        begin = steps[0][0] - timedelta(minutes=1)
        self._phones.move_clock(begin)
        self._desk.arrange(at=begin)
        self._unread = True
        try:
            for at, place, line, chat in steps:
                self._step(chat, line)
                if place + 1 == len(chat.talk.lines):
                    self._end(chat, at + timedelta(seconds=20), chats)
            self._phones.move_clock(now)
            self._understand(datetime.now(UTC))
            self._desk.look_again(at=datetime.now(UTC))
        finally:
            self._loop.run_until_complete(_hang_up())
            self._loop.close()

    def _step(self, chat: _Chat, line: demo_script.Line) -> None:
        self._phones.move_clock(line.at)
        if line.who:
            self._understand(line.at)
            self._answer(chat, line)
        elif "press" in line.order:
            self._understand(line.at)
            self._press(chat, line)
        else:
            self._write(chat, line)

    def _write(self, chat: _Chat, line: demo_script.Line) -> None:
        """Let the customer write; what it refers to is named by its place in the talk."""
        order = {"to": chat.number.number, **line.order}
        order.pop("c", None)
        if "of" in order:
            order["message_id"] = chat.sent[order.pop("of")]
        if order["kind"] in {"image", "video", "document"} and "text" in order:
            order["caption"] = order.pop("text")
        told = self._phones.ask("POST", f"/sim/customers/{chat.talk.key}/messages", order)
        chat.sent.append(told["wamid"])
        self._unread = True

    def _press(self, chat: _Chat, line: demo_script.Line) -> None:
        """Tap the answer of that name under the newest message that offers it."""
        path = f"/sim/customers/{chat.talk.key}/messages"
        for message in reversed(self._phones.ask("GET", path)["messages"]):
            tap = _tap(message["body"], line.order["press"])
            if tap is not None:
                order = {"to": chat.number.number, "reply_to": message["id"], **tap}
                chat.sent.append(self._phones.ask("POST", path, order)["wamid"])
                self._unread = True
                return
        raise UnableToPlay(f"{chat.talk.key} has no such button to press.")

    def _answer(self, chat: _Chat, line: demo_script.Line) -> None:
        """Let a member answer through the gate, or write a note."""
        from werkbote.actions import desk, outbox  # noqa: PLC0415 -- slow import

        first = not chat.conversation
        self._find(chat)
        by = int(self._known[line.who])
        if first:
            self._deeds.begin(self._desk, self._spot(chat, by, line.at), chat.talk.told)
        common = {"organisation": self._organisation, "conversation": chat.conversation}
        if line.sign == "!":
            desk.note(text=line.order["text"], by=by, at=line.at, **common)
            return
        draft = self._answers.draft(line.order, day=line.at.date())
        purpose = line.order.get("purpose", "P-02")
        message = outbox.queue_message(draft=draft, purpose=purpose, by=by, at=line.at, **common)
        self._send(line.at)
        if line.order.get("refused"):
            return
        chat.sent.append(self._provider_id(chat, message))
        self._phones.ask(
            "POST", f"/sim/customers/{chat.talk.key}/{_READ}", {"to": chat.number.number}
        )
        self._unread = True

    def _spot(self, chat: _Chat, by: int, at: datetime) -> Any:
        return self._deeds.Spot(
            conversation=chat.conversation, person=chat.person, place=chat.place, by=by, at=at
        )

    def _end(self, chat: _Chat, at: datetime, chats: list[_Chat]) -> None:
        """Do what the team did when the talk was over."""
        self._understand(at)
        first = not chat.conversation
        self._find(chat)
        who = next((one.who for one in chat.talk.lines if one.who), "")
        by = int(self._known[who or ("vroni" if chat.talk.south else "lena")])
        spot = self._spot(chat, by, at)
        if first:
            self._deeds.begin(self._desk, spot, chat.talk.told)
        self._deeds.finish(self._desk, spot, chat.talk.told)
        self._send(at)
        for other in chats:
            if other.talk.told.get("review") == chat.talk.name:
                self._deeds.ask_whether_same(
                    self._desk, person=other.person, other=chat.person, at=at
                )
        if "change_number" in chat.talk.told:
            self._phones.ask(
                "POST",
                f"/sim/customers/{chat.talk.key}/change-number",
                {"phone": chat.talk.told["change_number"]},
            )
            self._unread = True

    def _understand(self, at: datetime) -> None:
        """Let what has arrived be understood, and what follows from it leave."""
        from werkbote.actions import inbound  # noqa: PLC0415 -- slow import

        if not self._unread:
            return
        self._phones.settle()
        while inbound.drain(organisation=self._organisation, at=at):
            pass
        self._unread = False
        self._send(at)

    def _send(self, at: datetime) -> None:
        """Ask the gate about everything that waits, and hand over what it permits."""
        from werkbote.actions import outbox  # noqa: PLC0415 -- slow import

        for organisation, number in outbox.waiting_numbers(at=at):
            while ready := outbox.claim(organisation=organisation, number=number, at=at):
                outcomes = [
                    self._loop.run_until_complete(outbox.send(one, clock=lambda: at))
                    for one in ready
                ]
                outbox.settle(organisation=organisation, outcomes=outcomes)
                self._unread = True

    def _find(self, chat: _Chat) -> None:
        """Learn which rows the talk has become."""
        from werkbote.store import keyring, models, scope  # noqa: PLC0415 -- slow import

        if chat.conversation:
            return
        name = keyring.organisation(self._organisation).name(chat.sent[0])
        with scope.looking(organisation=self._organisation):
            found = models.Message.objects.filter(provider_id=name).first()
        if found is None:
            raise UnableToPlay(f"What {chat.talk.key} wrote has not arrived.")
        chat.conversation, chat.person = found.conversation_id, found.person_id

    def _provider_id(self, chat: _Chat, message: int) -> str:
        """Return the id under which the phone knows an answer; raise UnableToPlay where it did not leave."""
        path = f"/sim/customers/{chat.talk.key}/messages?number={chat.number.number}"
        for found in reversed(self._phones.ask("GET", path)["messages"]):
            if str(message) in str(found["biz_opaque_callback_data"]):
                return str(found["id"])
        raise UnableToPlay(f"An answer to {chat.talk.key} did not leave.")


def _tap(body: Mapping[str, Any], wanted: str) -> dict[str, Any] | None:
    """Return the tap on an answer of a message: a button, a line of a list, a template's reply."""
    action = body.get("action", {})
    for button in action.get("buttons", ()):
        if button["reply"]["title"] == wanted:
            reply = {"type": "button_reply", "button_reply": button["reply"]}
            return {"kind": "interactive", "interactive": reply}
    for row in (row for section in action.get("sections", ()) for row in section["rows"]):
        if row["title"] == wanted:
            reply = {"type": "list_reply", "list_reply": row}
            return {"kind": "interactive", "interactive": reply}
    if any(button.get("text") == wanted for button in body.get("buttons", ())):
        return {"kind": "button", "text": wanted}
    return None


async def _hang_up() -> None:
    from werkbote.actions import outbox  # noqa: PLC0415 -- slow import

    await outbox.hang_up()


def main() -> int:
    """Play the talks once; return the exit code."""
    import django  # noqa: PLC0415 -- slow import

    environment = env.read()
    django.setup()
    if not demo.wants_talk(environment):
        return 0
    demo.note_talk(environment, "begun")
    try:
        _Player(environment, demo.read(environment)).play(datetime.now(UTC))
        demo.note_talk(environment, "played")
    except (UnableToPlay, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
