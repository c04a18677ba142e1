"""What is said about one person through the doors of the house itself: the API, the pages, the exports."""

import asyncio
import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import dealers, phones, staff
from werkbote.actions import team
from werkbote.domain import team as roles
from werkbote.store import models, scope

AT = dealers.NOW + timedelta(minutes=30)

WAYS = (
    "api_text",
    "api_parameter",
    "api_template",
    "draft",
    "typed_note",
    "typed_request",
    "extension",
    "hiding",
    "hold",
    "setting",
    "rule",
    "figures",
    "breach_nature",
    "breach_reasons",
    "breach_lessons",
    "sought",
    "sought_list",
    "sought_command",
    "sought_person",
)
"""What is said on each of these ways is about the person of the story."""

SOUGHT = {way for way in WAYS if way.startswith("sought")}
"""What is looked for is kept nowhere, not even while the person is here."""

ABOUT_THE_HOUSE = {
    "setting",
    "rule",
    "figures",
    "breach_nature",
    "breach_reasons",
    "breach_lessons",
}
"""Reasons of the house's own decisions; they stay, sealed, as the protocol says."""


def by_hand(dealer: dealers.Dealer, words: dict[str, str], *, by: int) -> dict[str, bytes]:
    """Say all of it; return what was handed out, by where it came from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("werkbote.web.clock.now", lambda: AT)
        browser = staff.signed_in(by)
        with scope.looking(organisation=dealer.organisation):
            conversation = models.Conversation.objects.filter(number=dealer.number).get().id
        told = _through_the_api(dealer, words, conversation=conversation, by=by)
        _typed(browser, words, conversation=conversation)
        _sought(browser, words)
        _reasons(browser, words, branch=dealer.branch)
        told |= _handed_out(browser, conversation=conversation)
        told["package"] = _package(dealer, browser, words)
    return told


def _went(answer: Any) -> Any:
    assert answer.status_code in {200, 202, 204, 302}, (answer.status_code, answer.content)
    return answer


def _through_the_api(
    dealer: dealers.Dealer, words: dict[str, str], *, conversation: int, by: int
) -> dict[str, bytes]:
    """Another program sends a text and a template, and reads what is there."""
    token = team.issue_token(
        organisation=dealer.organisation,
        name="Autohaus-System",
        scopes=tuple(roles.Scope),
        days=30,
        by=by,
        at=AT,
    )
    caller = Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {token}"})
    address = f"/api/v1/conversations/{conversation}/messages"
    filled = {"name": words["api_template"].lower(), "language": "de"}
    for wish in (
        {"kind": "text", "text": words["api_text"]},
        {"kind": "template", "template": filled | {"parameters": {"1": words["api_parameter"]}}},
    ):
        key = {"idempotency-key": f"auftrag-{wish['kind']}"}
        _went(caller.post(address, wish, content_type="application/json", headers=key))
    pages = ("/api/v1/conversations", address, "/api/v1/changes")
    return {page: _went(caller.get(page)).content for page in pages}


def _typed(browser: Client, words: dict[str, str], *, conversation: int) -> None:
    key = "knocking-at-the-door-1"
    fields = {"text": words["draft"], "purpose": "P-03", "key": key}
    _went(browser.post(f"/inbox/{conversation}/draft/", fields))
    _went(browser.post(f"/inbox/{conversation}/note/", {"text": words["typed_note"]}))


def _sought(browser: Client, words: dict[str, str]) -> None:
    """Somebody looks for the person wherever one can look."""
    _went(browser.post("/search/", {"line": words["sought"], "person": words["sought_person"]}))
    _went(browser.get("/inbox/", {"q": words["sought_list"]}))
    _went(browser.post("/commands/find/", {"line": words["sought_command"]}))


def _reasons(browser: Client, words: dict[str, str], *, branch: int) -> None:
    """Reasons are typed that hold the person's words though they are about something else."""
    _went(browser.post("/reports/members/switch/", {"ground": "told", "reason": words["figures"]}))
    seen = {"setting": "report_members", "object": "house", "value": "on"}
    _went(browser.post("/audit/settings/explain/", seen | {"reason": words["setting"]}))
    later = _hours(browser) | {"reason": words["rule"], "closes": "19:00"}
    _went(browser.post("/consents/rules/hours/", later))
    hold = {"reason": words["hold"], "begin": "1", "phone": f"+{dealers.ALICE}"}
    _went(browser.post("/privacy/holds/", hold))
    ends = re.findall(r'action="(/privacy/holds/\d+/end/)"', _page(browser, "/privacy/holds/"))
    for end in ends:
        _went(browser.post(end, {"reason": "dispute_over"}))
    assert ends
    _breach(browser, words, branch=branch)


def _breach(browser: Client, words: dict[str, str], *, branch: int) -> None:
    aware = timezone.localtime(AT - timedelta(hours=1))
    opening = {
        "branch": branch,
        "kind": "device_lost",
        "aware_at": f"{aware:%Y-%m-%dT%H:%M}",
        "nature": words["breach_nature"],
        "records": "1",
    }
    case = _went(browser.post("/breaches/start/", opening)).url
    reasons = {"risk": "none", "reasons": words["breach_reasons"]}
    _went(browser.post(f"{case}assess/", reasons))
    _went(browser.post(f"{case}close/", {"lessons": words["breach_lessons"]}))


def _page(browser: Client, address: str) -> str:
    return str(_went(browser.get(address)).content.decode())


def _hours(browser: Client) -> dict[str, Any]:
    """Return what the form of the house's hours would send as it stands."""
    page = _page(browser, "/consents/rules/")
    form = page.partition('action="/consents/rules/hours/"')[2].partition("</form>")[0]
    days = re.findall(r'type="checkbox" name="weekdays" value="([^"]+)"[^>]*checked', form)
    times = dict(re.findall(r'type="time" name="(\w+)" value="([^"]+)"', form))
    return {"weekdays": days, **times}


def _handed_out(browser: Client, *, conversation: int) -> dict[str, bytes]:
    """The chat as a file, and the tables for an auditor."""
    return {
        path: _whole(_went(browser.post(path, fields)))
        for path, fields in (
            (f"/inbox/{conversation}/export/", {}),
            ("/decisions/export/", {"format": "csv"}),
            ("/audit/export/", {}),
            ("/audit/settings/export/", {}),
            ("/duties/outside/list.json", {}),
            ("/privacy/letters/export/", {"year": "2026", "reason": "tax_audit"}),
        )
    }


def _whole(answer: Any) -> bytes:
    if not answer.streaming:
        return bytes(answer.content)
    if answer.is_async:
        return asyncio.run(_drained(answer))
    return b"".join(answer.streaming_content)


async def _drained(answer: Any) -> bytes:
    return b"".join([piece async for piece in answer.streaming_content])


def _package(dealer: dealers.Dealer, browser: Client, words: dict[str, str]) -> bytes:
    """A heard request is extended, one message hidden, and the copy fetched with the code."""
    form = {
        "kind": "access",
        "channel": "phone",
        "received_on": AT.date().isoformat(),
        "branch": str(dealer.branch),
        "said": words["typed_request"],
    }
    page = _went(browser.post("/privacy/", form)).url
    known = {"deed": "identify", "rung": "counter", "phone": f"+{dealers.ALICE}"}
    _went(browser.post(f"{page}act/", known))
    _went(browser.post(f"{page}act/", {"deed": "extend", "words": words["extension"]}))
    package = _went(browser.post(f"{page}act/", {"deed": "pack"})).url
    with scope.looking(organisation=dealer.organisation):
        hidden = models.Message.objects.filter(outgoing=False, kind="text").latest("id").id
    _went(browser.post(package, {"message": str(hidden), "reason": words["hiding"]}))
    link = _went(browser.post(package, {"make": "1"})).content.decode().split("/a/")[1]
    guest, address = staff.browser(), "/a/" + link.split("<")[0]
    _went(guest.post(address, {"send": "1"}))
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.filter(request_key__startswith="code:").latest("id")
    code = phones.content(dealer, row)["text"].split(": ")[1][:6]
    content = _whole(_went(guest.post(address, {"code": code})))
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        return b"".join(files.read(name) for name in files.namelist())
