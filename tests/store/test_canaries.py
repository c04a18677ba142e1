"""Words that nobody else says, told about one person on every way in: erased, they are nowhere.

After the erasure the whole database is searched twice: as a dump, in every encoding; and opened with
every key that is left. Then the logs, the job table and what is exported.
"""

import io
import json
import logging
import secrets
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
import structlog
from django.apps import apps
from django.conf import settings
from PIL import Image

from tests import dealers, erasures, knocking, phones, planted, servers, staff
from tests.store import test_dump
from werkbote.actions import chains, consent, drafts, outbox, privacy
from werkbote.config import log
from werkbote.domain import events
from werkbote.domain import privacy as rights
from werkbote.store import models, scope

AT = dealers.NOW
MINUTE = timedelta(minutes=1)
WAYS = [
    "name",
    "text",
    "again",
    "caption",
    "filename",
    "exif",
    "file",
    "location",
    "address",
    "card_name",
    "card_phone",
    "button",
    "list",
    "order",
    "edit",
    "reaction",
    "video",
    "flow",
    "unknown",
    "field",
    "system",
    "sticker",
    "referral",
    "audio",
    "failed_body",
    "history",
    "reply",
    "reply_file",
    "reply_name",
    "parameter",
    "unclear",
    "withdrawal",
    "form_agent",
    "form_ip",
    "keyword",
    "report",
    "late",
    "twice",
    "forwarded",
    "contact_update",
    "dead_number",
    *planted.WAYS,
    *knocking.WAYS,
]
KEPT = {"label", *knocking.ABOUT_THE_HOUSE}
"""Ways whose words belong to the whole house, as the protocol says; none of them is about the person alone."""

LOWERED = {"newsletter", "api_template"}
"""Ways that keep small letters only: an address is compared by them, a template named."""


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    made = {way: f"Kanarie{secrets.token_hex(5)}{way.title().replace('_', '')}" for way in WAYS}
    return made | {way: made[way].lower() for way in LOWERED}


def picture(words: dict[str, str]) -> bytes:
    """A photo whose EXIF names its maker and place."""
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = words["exif"]
    Image.new("RGB", (8, 8)).save(made, "JPEG", exif=exif)
    return made.getvalue() + words["file"].encode()


def tell(dealer: dealers.Dealer, kind: str, content: Any, words: dict[str, str]) -> None:
    """Let a message of a kind arrive from the person."""
    value = dealers.text("", name=words["name"], at=AT)
    message = value["messages"][0]
    del message["text"]
    message |= {"type": kind, kind: content, "from_user_id": erasures.USER_ID}
    value["contacts"][0]["user_id"] = erasures.USER_ID
    dealers.arrive(dealer, dealers.body(dealer, value), at=AT)


def told(dealer: dealers.Dealer, words: dict[str, str]) -> None:
    """All that can come in from a phone."""
    w = words
    first = erasures.body(dealer, w["text"], at=AT, name=w["name"])
    dealers.arrive(dealer, first, at=AT)
    target = json.loads(first)["entry"][0]["changes"][0]["value"]["messages"][0]["id"]
    file = {"mime_type": "image/jpeg", "sha256": secrets.token_hex(32), "id": "1"}
    for kind, content in (
        ("text", {"body": w["again"]}),
        ("image", {"caption": w["caption"], **file}),
        ("document", {"filename": w["filename"], **file}),
        ("audio", {"voice": True, **file, "id": w["audio"]}),
        ("sticker", {**file, "id": w["sticker"]}),
        (
            "location",
            {"latitude": 1.0, "longitude": 2.0, "name": w["location"], "address": w["address"]},
        ),
        (
            "contacts",
            [{"name": {"formatted_name": w["card_name"]}, "phones": [{"phone": w["card_phone"]}]}],
        ),
        ("button", {"payload": w["button"], "text": w["button"]}),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": w["list"]}}),
        ("order", {"catalog_id": "1", "text": w["order"], "product_items": []}),
        (
            "edit",
            {
                "original_message_id": target,
                "message": {"type": "text", "text": {"body": w["edit"]}},
            },
        ),
        ("reaction", {"message_id": target, "emoji": w["reaction"]}),
        ("video", {"caption": w["video"], **file}),
        (
            "interactive",
            {"type": "nfm_reply", "nfm_reply": {"response_json": json.dumps({"a": w["flow"]})}},
        ),
        ("hologram", {"says": w["unknown"]}),
        ("system", {"body": w["system"], "type": "customer_identity_changed"}),
    ):
        tell(dealer, kind, content, words)
    forwarded = dealers.text(w["forwarded"], name=w["name"], at=AT)
    forwarded["messages"][0]["context"] = {"forwarded": True}
    advert = dealers.text(w["referral"], name=w["name"], at=AT)
    advert["messages"][0]["referral"] = {"headline": w["referral"], "source_id": "1"}
    for value in (forwarded, advert):
        dealers.arrive(dealer, dealers.body(dealer, value), at=AT)
    odd = {"wa_id": dealers.ALICE, "says": w["field"]}
    dealers.arrive(dealer, dealers.body(dealer, {"odd": [odd]}, change="odd_field"), at=AT)
    _odd(dealer, words)
    dealers.understand(dealer, at=AT)


def _odd(dealer: dealers.Dealer, words: dict[str, str]) -> None:
    """What is repeated, comes late, is not understood or cannot be read."""
    w = words
    twice = erasures.body(dealer, w["twice"], at=AT, name=w["name"])
    for _ in range(2):
        dealers.arrive(dealer, twice, at=AT)
    dealers.understand(dealer, at=AT)
    dealers.arrive(dealer, twice, at=AT)
    card = {"full_name": w["contact_update"], "phone_number": dealers.ALICE}
    sync = {"state_sync": [{"type": "contact", "contact": card, "action": "add"}]}
    dealers.arrive(dealer, dealers.body(dealer, sync, change="smb_app_state_sync"), at=AT)
    chunk = {"history": [{"threads": [{"id": dealers.ALICE, "messages": [{"x": w["history"]}]}]}]}
    dealers.arrive(dealer, dealers.body(dealer, chunk, change="history"), at=AT)
    report = dealers.status("failed", wamid="wamid.of.nobody")
    report["statuses"][0]["errors"] = [{"code": 131000, "title": w["report"]}]
    dealers.arrive(dealer, dealers.body(dealer, report), at=AT)
    dealers.arrive(dealer, f"no json {dealers.ALICE} {w['failed_body']}".encode(), at=AT)
    dealers.arrive(
        dealer,
        dealers.body(
            dealer, {"metadata": {"phone_number_id": w["dead_number"]}, **dealers.text("x")}
        ),
        at=AT,
    )
    dealers.understand(dealer, at=AT)


def answered(dealer: dealers.Dealer, words: dict[str, str], *, by: int) -> None:
    """All that the house writes about the person."""
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    for position, draft in enumerate(
        (
            drafts.Draft(text=words["reply"]),
            drafts.Draft(
                kind=events.Kind.DOCUMENT,
                attachment=drafts.Attachment(
                    content=words["reply_file"].encode(),
                    mime="text/plain",
                    filename=words["reply_name"],
                ),
            ),
            drafts.Draft(
                kind=events.Kind.TEMPLATE,
                content={
                    "template": {
                        "name": "fertig",
                        "language": "de",
                        "parameters": {"1": words["parameter"]},
                    }
                },
            ),
        )
    ):
        outbox.queue_message(
            organisation=dealer.organisation,
            conversation=conversation,
            draft=draft,
            purpose="P-02",
            by=by,
            at=AT + position * MINUTE,
        )
    phones.writes(dealer, f"Stopp, bitte {words['unclear']} nicht reparieren!", at=AT + 4 * MINUTE)
    consent.withdraw(
        organisation=dealer.organisation,
        conversation=conversation,
        channel="phone",
        said=words["withdrawal"],
        everything=False,
        by=by,
        at=AT + 5 * MINUTE,
    )


def agreed(dealer: dealers.Dealer, words: dict[str, str]) -> None:
    """What a form asks for and never confirms: its evidence goes too."""
    consent.request(
        branch=dealer.branch,
        filled=consent.Filled(
            phone=f"+{dealers.ALICE}",
            purposes=("P-05",),
            language="de",
            shown_at=AT,
            ip=words["form_ip"],
            user_agent=words["form_agent"],
            way=words["keyword"][:24],
        ),
        at=AT,
    )


@pytest.fixture(scope="module")
def story(
    database: servers.Run, words: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The person's whole life here, what was found of it before, and the erasure."""
    del database
    folder = tmp_path_factory.mktemp("outside")
    said = io.StringIO()
    root = logging.getLogger()
    before_ = root.level, root.handlers
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", said)
        log.configure(level="debug")
        patch.setattr(settings, "WERKBOTE_JOURNAL", folder / "journal")
        patch.setattr(tempfile, "tempdir", str(folder))
        dealer = dealers.dealer()
        by = staff.member(
            dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch]
        )
        told(dealer, words)
        person = erasures.the_person(dealer)
        erasures.attach(dealer, person, picture(words))
        agreed(dealer, words)
        answered(dealer, words, by=by)
        planted.about(dealer, words, by=by)
        taken = knocking.by_hand(dealer, words, by=by)
        news = planted.news(dealer, by=by)
        there = [plain for _, _, plain in planted.opened(dealer.organisation)]
        before = {
            way
            for way, word in words.items()
            if any(word.encode() in plain for plain in (*there, taken["package"]))
        }
        with scope.transaction(organisation=dealer.organisation):
            models.Identity.objects.filter(scheme="bsuid").delete()
        run = erasures.asked(dealer, person)
        phones.writes(dealer, words["late"], at=AT + 10 * MINUTE)
        state = erasures.executed(dealer, run)
        staff.wrote(dealer, phone=f"+{dealers.BOB}", name="Bob Beispiel")
        shown = planted.pages(by)
        copies = chains.copy_heads(
            organisations=[dealer.organisation], folder=folder / "heads", at=AT
        )
    root.level, root.handlers = before_
    structlog.reset_defaults()
    return {
        "dealer": dealer,
        "run": run,
        "state": state,
        "before": before,
        "taken": taken,
        "log": said.getvalue(),
        "news": news,
        "shown": shown,
        "files": [*(one for one in folder.rglob("*") if one.is_file()), copies],
    }


def test_the_words_were_really_there(story: dict[str, Any]) -> None:
    assert set(WAYS) - story["before"] == {"late", *knocking.SOUGHT}
    assert len(WAYS) >= 40


def test_what_was_handed_out_held_the_words(story: dict[str, Any], words: dict[str, str]) -> None:
    taken = story["taken"]
    for path, way in (
        ("/api/v1/conversations", "after"),
        ("package", "typed_request"),
        ("/audit/settings/export/", "setting"),
    ):
        assert words[way].encode() in taken[path], (path, way)
    chat = b"".join(content for path, content in taken.items() if path.startswith("/inbox/"))
    assert [way for way in ("again", "reply", "api_text") if words[way].encode() not in chat] == []


def test_the_erasure_came_through(story: dict[str, Any]) -> None:
    assert story["state"] is rights.State.DONE
    protocol = privacy.protocol_of(organisation=story["dealer"].organisation, run=story["run"])
    assert (protocol.blocks, protocol.verification_hits) == ((), 0)


def test_no_dump_shows_a_word_in_any_encoding(
    story: dict[str, Any], words: dict[str, str], database: servers.Run, worker_id: str
) -> None:
    if not database.embedded:
        pytest.skip("The server that was given has its own pg_dump.")
    del story
    name = "main" if worker_id == "master" else worker_id
    assert test_dump.found(database, name, *words.values()) == []


def test_no_key_that_is_left_opens_a_word(story: dict[str, Any], words: dict[str, str]) -> None:
    needles = {word.encode() for word in words.values()} | {dealers.ALICE.encode()}
    found = [
        (table, field)
        for table, field, plain in planted.opened(story["dealer"].organisation)
        if any(needle in plain for needle in needles)
    ]
    with scope.looking(organisation=story["dealer"].organisation):
        run = models.ErasureRun.objects.get(id=story["run"])
        tables = {apps.get_model(table)._meta.db_table for table, _ in found}
        assert tables == {"breach", "house_rule", "label", "setting_note"}
        assert tables <= set(run.protocol["house_texts_kept"])
        assert not models.ConversationLabel.objects.exists()


def test_no_log_no_job_and_no_export_holds_a_word(
    story: dict[str, Any], words: dict[str, str], owner: psycopg.Connection
) -> None:
    jobs = orjson.dumps(
        [str(row) for row in owner.execute("SELECT to_jsonb(j) FROM procrastinate_jobs j")]
    ).decode()
    exports = b"".join(Path(file).read_bytes() for file in story["files"])
    for place in (story["log"], jobs, exports.decode("utf-8", "replace")):
        assert [way for way, word in words.items() if word in place] == []
    assert story["files"]


def test_no_device_was_told_a_word(story: dict[str, Any], words: dict[str, str]) -> None:
    told = b"".join(story["news"])
    assert [way for way, word in words.items() if word.encode() in told] == []
    assert b"Neue Nachricht" in story["news"][0]


def test_no_page_and_no_export_shows_a_word(story: dict[str, Any], words: dict[str, str]) -> None:
    found = [
        (path, way)
        for path, said in story["shown"].items()
        for way, word in words.items()
        if word in said and way not in KEPT
    ]
    assert found == []
    assert all(story["shown"].values())


def test_the_logs_spoke_at_debug_and_of_nobody(
    story: dict[str, Any], words: dict[str, str]
) -> None:
    said = story["log"]
    assert '"level": "debug"' in said
    names = (*words.values(), dealers.ALICE, dealers.BOB, "Bob Beispiel", erasures.USER_ID)
    assert [name for name in names if name in said] == []
