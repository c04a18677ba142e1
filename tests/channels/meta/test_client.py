"""The Cloud API client: what it asks, and what it makes of the answers."""

import base64
import hashlib
import socket

import pytest
from aiohttp import web

from tests.channels.meta import loopback
from tests.channels.meta.bodies import ACCOUNT, ANNA, NUMBER, Item
from werkbote.channels import driver, outgoing, registry
from werkbote.domain import events
from werkbote.domain.failures import Course

WHATSAPP = registry.driver("whatsapp")
CONTENT = bytes(range(256)) * 1000
DIGEST = hashlib.sha256(CONTENT).digest()


def held(**changed: object) -> Item:
    """A file as the API describes it; BASE is the server's own address."""
    found: dict[str, object] = {
        "id": "9001",
        "url": "BASE/file",
        "mime_type": "image/jpeg",
        "sha256": DIGEST.hex(),
        "file_size": str(len(CONTENT)),
        **changed,
    }
    return found  # type: ignore[return-value]


def files(**changed: object) -> loopback.Scripted:
    return loopback.Scripted({"GET 9001": held(**changed), "GET file": web.Response(body=CONTENT)})


async def fetch(
    access: driver.Access, *, sha256: str | None = None, limit: int = 10_000_000
) -> tuple[driver.Fetched, bytes]:
    found = bytearray()
    media = events.MediaRef(provider_id="9001", mime="image/png", sha256=sha256)
    fetched = await WHATSAPP.fetch_media(media, access=access, sink=found.extend, limit=limit)
    return fetched, bytes(found)


@pytest.mark.parametrize(
    "sha256", [None, DIGEST.hex(), DIGEST.hex().upper(), base64.b64encode(DIGEST).decode()]
)
async def test_file_is_fetched_with_the_token_and_its_checksum(sha256: str | None) -> None:
    scripted = files()
    async with loopback.serving(scripted) as access:
        fetched, content = await fetch(access, sha256=sha256)
    assert content == CONTENT
    assert fetched == driver.Fetched(size=len(CONTENT), mime="image/jpeg", sha256=DIGEST.hex())
    assert scripted.tokens == {f"Bearer {loopback.TOKEN}"}
    assert scripted.calls[0] == ("GET 9001", {"phone_number_id": NUMBER})


@pytest.mark.parametrize("sha256", ["0" * 64, base64.b64encode(b"0" * 32).decode(), "kaputt", "é"])
async def test_file_with_another_checksum_is_refused(sha256: str) -> None:
    async with loopback.serving(files()) as access:
        with pytest.raises(driver.UnusableMedia):
            await fetch(access, sha256=sha256)


async def test_file_without_any_checksum_is_refused() -> None:
    async with loopback.serving(files(sha256=None)) as access:
        with pytest.raises(driver.UnusableMedia):
            await fetch(access)


@pytest.mark.parametrize("size", [str(len(CONTENT)), "5", None])
async def test_file_that_is_too_large_is_refused_whatever_it_claims(size: str | None) -> None:
    async with loopback.serving(files(file_size=size)) as access:
        with pytest.raises(driver.UnusableMedia):
            await fetch(access, limit=len(CONTENT) - 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/file",
        "https://example.test/file",
        "https://evilfbsbx.com/file",
        "https://fbsbx.com.example.test/file",
        "http://lookaside.fbsbx.com/file",
        "file:///etc/passwd",
        "//lookaside.fbsbx.com/file",
        "https://lookaside.fbsbx.com:port/file",
        "https://[lookaside.fbsbx.com/file",
        "https://lookaside.fbsbx.com@example.test/file",
        "nowhere",
    ],
)
async def test_file_on_a_foreign_host_never_gets_the_token(url: str) -> None:
    scripted = files(url=url)
    async with loopback.serving(scripted) as access:
        with pytest.raises(driver.UnusableMedia):
            await fetch(access)
    assert [call for call, _ in scripted.calls] == ["GET 9001"]


@pytest.mark.parametrize("host", ["lookaside.fbsbx.com", "media.fna.whatsapp.net"])
async def test_file_on_a_host_of_metas_is_asked_for(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    async with loopback.serving(files(url=f"https://{host}/file")) as access:
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        with pytest.raises(driver.Unable) as problem:
            await fetch(access)
    assert problem.value.verdict.reason.name == "unreachable"


async def test_file_that_has_expired_is_given_up() -> None:
    async with loopback.serving(loopback.Scripted({"GET 9001": held()})) as access:
        with pytest.raises(driver.Unable) as problem:
            await fetch(access)
    assert problem.value.verdict.course is Course.GIVE_UP


async def test_file_that_breaks_off_is_tried_again() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path != "/file":
            return web.json_response(held(url=f"http://{request.host}/file"))
        response = web.StreamResponse(headers={"Content-Length": str(len(CONTENT))})
        await response.prepare(request)
        await response.write(CONTENT[:1000])
        assert request.transport is not None
        request.transport.abort()
        return response

    async with loopback.serving(answer) as access:
        with pytest.raises(driver.Unable) as problem:
            await fetch(access)
    assert problem.value.verdict.course is Course.RETRY_SOON


async def test_message_is_marked_as_read_while_an_answer_is_written() -> None:
    scripted = loopback.Scripted({f"POST {NUMBER}/messages": {"success": True}})
    async with loopback.serving(scripted) as access:
        await registry.client.mark_read("wamid.1", access=access)
        await registry.client.mark_read("wamid.1", access=access, typing=True)
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"}
    assert [body for _, body in scripted.calls] == [
        read,
        {**read, "typing_indicator": {"type": "text"}},
    ]


async def test_file_is_uploaded_with_its_type_and_name() -> None:
    scripted = loopback.Scripted({f"POST {NUMBER}/media": {"id": "77"}})
    file = outgoing.Upload(content=b"%PDF", mime="application/pdf", filename="Schein ä.pdf")
    async with loopback.serving(scripted) as access:
        assert await registry.client.upload(file, access=access) == "77"
    assert scripted.calls == [
        (
            f"POST {NUMBER}/media",
            {
                "messaging_product": "whatsapp",
                "type": "application/pdf",
                "file": ("Schein ä.pdf", "application/pdf", b"%PDF"),
            },
        )
    ]


@pytest.mark.parametrize(
    ("name", "sent"),
    [('a"b.pdf', "a_b.pdf"), ("a\r\nX: y", "a__X: y"), ("../../a", ".._.._a"), ("", "file")],
)
async def test_file_name_cannot_break_out_of_its_header(name: str, sent: str) -> None:
    scripted = loopback.Scripted({f"POST {NUMBER}/media": {"id": "77"}})
    file = outgoing.Upload(content=b"x", mime="application/pdf", filename=name)
    async with loopback.serving(scripted) as access:
        await registry.client.upload(file, access=access)
    assert scripted.calls[0][1]["file"][0] == sent  # type: ignore[index]


async def test_upload_without_an_id_in_the_answer_is_tried_again() -> None:
    scripted = loopback.Scripted({f"POST {NUMBER}/media": {}})
    async with loopback.serving(scripted) as access:
        with pytest.raises(driver.Unable) as problem:
            await registry.client.upload(
                outgoing.Upload(content=b"x", mime="image/png"), access=access
            )
    assert problem.value.verdict.course is Course.RETRY_SOON


async def test_person_is_blocked_and_unblocked() -> None:
    done = {"block_users": {"added_users": [{"input": f"+{ANNA}", "wa_id": ANNA}]}}
    paths = [f"{method} {NUMBER}/block_users" for method in ("POST", "DELETE")]
    scripted = loopback.Scripted(dict.fromkeys(paths, done))
    async with loopback.serving(scripted) as access:
        await registry.client.block(f"+{ANNA}", access=access)
        await registry.client.unblock("DE.9", access=access)
    assert scripted.calls == [
        (path, {"messaging_product": "whatsapp", "block_users": [{"user": address}]})
        for path, address in zip(paths, (f"+{ANNA}", "DE.9"), strict=True)
    ]


async def test_person_who_cannot_be_blocked() -> None:
    refused = {"error": {"code": 139100}, "block_users": {"failed_users": [{"input": "DE.9"}]}}
    scripted = loopback.Scripted({f"POST {NUMBER}/block_users": (400, refused)})
    async with loopback.serving(scripted) as access:
        with pytest.raises(driver.Unable) as problem:
            await registry.client.block("DE.9", access=access)
    assert problem.value.verdict.reason.name == "block_list"


@pytest.mark.parametrize("deleted", [True, False])
async def test_contact_book_entry_is_deleted(*, deleted: bool) -> None:
    answer = {"messaging_product": "whatsapp", "success": True, "deleted": deleted}
    scripted = loopback.Scripted({f"DELETE {NUMBER}/contact_book": answer})
    async with loopback.serving(scripted) as access:
        assert await registry.client.forget_contact("DE.1", access=access) is deleted
    assert scripted.calls[0][1] == {"messaging_product": "whatsapp", "bsuid": "DE.1"}


async def test_file_is_deleted() -> None:
    scripted = loopback.Scripted({"DELETE 9001": {"success": True}})
    async with loopback.serving(scripted) as access:
        await registry.client.delete_media("9001", access=access)
    assert scripted.calls == [("DELETE 9001", {"phone_number_id": NUMBER})]


def template(name: str) -> Item:
    return {
        "id": f"id-{name}",
        "name": name,
        "language": "de",
        "status": "APPROVED",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "x"}],
        "quality_score": {"score": "GREEN"},
    }


@pytest.mark.parametrize("stuck", [True, False])
async def test_templates_are_listed_page_by_page(*, stuck: bool) -> None:
    """A cursor that comes back once more ends the list instead of running for ever."""
    pages: list[Item] = [
        {"data": [template("a")], "paging": {"cursors": {"after": "c1"}, "next": "https://x.test"}},
        {"data": [template("b")], "paging": {"cursors": {"after": "c1"}}},
    ]
    if stuck:
        pages[1]["paging"] = pages[0]["paging"]
    asked = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.query.get("after"))
        return web.json_response(pages[len(asked) - 1])

    async with loopback.serving(answer) as access:
        found = [each async for each in registry.management.all_templates(access)]
    assert asked == [None, "c1"]
    assert found[0] == registry.management.Template(
        template_id="id-a",
        name="a",
        language="de",
        status="APPROVED",
        category="UTILITY",
        components=({"type": "BODY", "text": "x"},),
        quality="GREEN",
    )
    assert [each.name for each in found] == ["a", "b"]


async def test_stale_cursor_is_reported() -> None:
    scripted = loopback.Scripted(
        {f"GET {ACCOUNT}/message_templates": (400, {"error": {"code": 131059}})}
    )
    async with loopback.serving(scripted) as access:
        with pytest.raises(driver.Unable) as problem:
            await registry.management.templates(access, after="old")
    assert problem.value.verdict.reason.name == "cursor"


async def test_template_is_created_edited_and_deleted() -> None:
    created = {"id": "5", "status": "PENDING", "category": "UTILITY"}
    scripted = loopback.Scripted(
        {
            f"POST {ACCOUNT}/message_templates": created,
            "POST 5": {"success": True},
            f"DELETE {ACCOUNT}/message_templates": {"success": True},
        }
    )
    wanted: Item = {"name": "a", "language": "de", "category": "UTILITY", "components": []}
    async with loopback.serving(scripted) as access:
        made = await registry.management.create_template(access, wanted)
        await registry.management.edit_template(access, "5", {"category": "MARKETING"})
        await registry.management.delete_template(access, "a", template_id="5")
        await registry.management.delete_template(access, "a")
    assert made == registry.management.Template(
        template_id="5", name="a", language="de", status="PENDING", category="UTILITY"
    )
    assert [body for _, body in scripted.calls] == [
        wanted,
        {"category": "MARKETING"},
        {"name": "a", "hsm_id": "5"},
        {"name": "a"},
    ]


async def test_number_is_set_up() -> None:
    done = {"success": True}
    scripted = loopback.Scripted(
        {
            f"GET {NUMBER}": {"id": NUMBER, "quality_rating": "GREEN"},
            f"GET {NUMBER}/settings": {"storage_configuration": {"status": "default"}},
            f"POST {NUMBER}/settings": done,
            f"POST {NUMBER}/register": done,
            f"POST {NUMBER}/deregister": done,
            f"GET {NUMBER}/whatsapp_business_profile": {"data": [{"about": "Werkstatt"}]},
            f"POST {NUMBER}/whatsapp_business_profile": done,
            f"GET {ACCOUNT}/subscribed_apps": {"data": [{"id": "app"}]},
            f"POST {ACCOUNT}/subscribed_apps": done,
            f"DELETE {ACCOUNT}/subscribed_apps": done,
            f"POST {NUMBER}/smb_app_data": {"request_id": "r1"},
        }
    )
    manage = registry.management
    async with loopback.serving(scripted) as access:
        assert (await manage.number(access))["quality_rating"] == "GREEN"
        assert await manage.settings(access) == {"storage_configuration": {"status": "default"}}
        await manage.store_in(access, "DE")
        await manage.register(access, pin="123456")
        await manage.deregister(access)
        assert await manage.profile(access) == {"about": "Werkstatt"}
        await manage.change_profile(access, {"about": "Autohaus"})
        assert await manage.subscriptions(access) == ({"id": "app"},)
        await manage.subscribe(access)
        await manage.subscribe(access, callback_url="https://x.test/h", verify_token="w")
        await manage.unsubscribe(access)
        assert await manage.share_app_data(access, "history") == "r1"
    posted = [body for call, body in scripted.calls if call.startswith("POST")]
    assert posted == [
        {
            "storage_configuration": {
                "status": "IN_COUNTRY_STORAGE_ENABLED",
                "data_localization_region": "DE",
            }
        },
        {"messaging_product": "whatsapp", "pin": "123456"},
        {},
        {"messaging_product": "whatsapp", "about": "Autohaus"},
        {},
        {"override_callback_uri": "https://x.test/h", "verify_token": "w"},
        {"messaging_product": "whatsapp", "sync_type": "history"},
    ]


async def test_short_links_are_made_listed_and_deleted() -> None:
    link = {
        "code": "C1",
        "prefilled_message": "Hallo",
        "deep_link_url": "https://wa.me/message/C1",
        "qr_image_url": "https://x.test/qr",
    }
    scripted = loopback.Scripted(
        {
            f"POST {NUMBER}/message_qrdls": link,
            f"GET {NUMBER}/message_qrdls": {"data": [link]},
            f"DELETE {NUMBER}/message_qrdls/C1": {"success": True},
        }
    )
    async with loopback.serving(scripted) as access:
        made = await registry.management.create_link(access, "Hallo")
        listed = await registry.management.links(access)
        await registry.management.delete_link(access, "C1")
    assert made == registry.management.Link(
        code="C1", text="Hallo", url="https://wa.me/message/C1", image_url="https://x.test/qr"
    )
    assert listed == (made,)
    assert len(scripted.calls) == 3
