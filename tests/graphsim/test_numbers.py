"""Number, media, block list, contact book and QR endpoints."""

import pytest

from graphsim.state import medium
from tests.graphsim import stage
from tests.graphsim.stage import ANNA, NUMBER, TOKEN, WABA, Stage, wait

_PRODUCT = {"messaging_product": "whatsapp"}


def test_registration_wants_the_right_pin(sim: Stage) -> None:
    sim.number(pin="123456", registered=False)
    path = f"{NUMBER}/register"

    assert sim.error(sim.graph("POST", path, _PRODUCT)) == (400, 100)
    assert sim.error(sim.graph("POST", path, _PRODUCT | {"pin": "12345x"})) == (400, 100)
    for _ in range(5):
        assert sim.error(sim.graph("POST", path, _PRODUCT | {"pin": "000000"})) == (400, 133005)
    assert sim.error(sim.graph("POST", path, _PRODUCT | {"pin": "123456"})) == (400, 133008)


def test_registration_is_limited_to_ten_in_72_hours(sim: Stage) -> None:
    sim.number(pin="123456")
    for _ in range(5):
        assert sim.graph("POST", f"{NUMBER}/deregister").json() == {"success": True}
        assert sim.graph("POST", f"{NUMBER}/register", _PRODUCT | {"pin": "123456"}).is_success

    assert sim.error(sim.graph("POST", f"{NUMBER}/deregister")) == (400, 133016)
    sim.control("POST", "clock", advance_seconds=72 * 3600 + 1)
    assert sim.graph("POST", f"{NUMBER}/deregister").is_success


def test_storage_region_changes_only_while_unregistered(sim: Stage) -> None:
    path = f"{NUMBER}/settings"
    order = {
        "storage_configuration": {
            "status": "IN_COUNTRY_STORAGE_ENABLED",
            "data_localization_region": "DE",
        }
    }

    assert sim.error(sim.graph("POST", path, order)) == (400, 100)
    sim.graph("POST", f"{NUMBER}/deregister")
    assert sim.graph("POST", path, order).json() == {"success": True}
    shown = sim.graph("GET", path).json()["storage_configuration"]
    assert shown == {
        "status": "in_country_storage_enabled",
        "data_localization_region": "DE",
    }
    order["storage_configuration"]["data_localization_region"] = "EU"
    assert sim.error(sim.graph("POST", path, order)) == (400, 100)


def test_number_shows_the_fields_asked_for(sim: Stage) -> None:
    sim.number(quality="YELLOW", tier="TIER_2K")
    fields = "whatsapp_business_manager_messaging_limit,quality_rating,throughput"

    assert sim.graph("GET", NUMBER, params={"fields": fields}).json() == {
        "id": NUMBER,
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "quality_rating": "YELLOW",
        "throughput": {"level": "STANDARD"},
    }


def test_new_quality_and_limit_are_told(sim: Stage) -> None:
    sim.number(quality="RED", tier="TIER_2K")

    wait(lambda: sim.hook.values("business_capability_update"))
    events = [each["event"] for each in sim.hook.values("phone_number_quality_update")]
    assert events == ["FLAGGED", "UPGRADE"]
    capability = sim.hook.values("business_capability_update")[0]
    assert capability["max_daily_conversations_per_business"] == 2000


def test_profile_changes_only_what_is_named(sim: Stage) -> None:
    path = f"{NUMBER}/whatsapp_business_profile"
    sim.graph("POST", path, _PRODUCT | {"about": "Ihr Autohaus", "vertical": "AUTO"})
    sim.graph("POST", path, _PRODUCT | {"websites": ["https://example.org"]})

    found = sim.graph("GET", path, params={"fields": "about,websites"}).json()["data"]
    assert found == [
        {
            "messaging_product": "whatsapp",
            "about": "Ihr Autohaus",
            "websites": ["https://example.org"],
        }
    ]
    bad = _PRODUCT | {"about": "x" * 140}
    assert sim.error(sim.graph("POST", path, bad)) == (400, 100)


def test_webhook_of_one_number_can_be_moved(sim: Stage) -> None:
    order = {"webhook_configuration": {"override_callback_uri": sim.hook_url + "?own=1"}}

    assert sim.graph("POST", NUMBER, order).json() == {"success": True}
    assert sim.control("GET", "numbers")["numbers"][0]["webhook_url"].endswith("?own=1")


def _upload(sim: Stage, data: bytes = b"\x89PNG", mime_type: str = "image/png") -> str:
    answer = sim.graph(
        "POST", f"{NUMBER}/media", data=_PRODUCT, files={"file": ("a.png", data, mime_type)}
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_media_goes_up_and_down(sim: Stage) -> None:
    media_id = _upload(sim)
    shown = sim.graph("GET", media_id, params={"phone_number_id": NUMBER}).json()
    right = {"Authorization": f"Bearer {TOKEN}"}

    assert (shown["mime_type"], shown["file_size"]) == ("image/png", "4")
    assert sim.http.get(shown["url"], headers=right).content == b"\x89PNG"
    assert sim.http.get(shown["url"]).status_code == 401
    assert sim.http.get(shown["url"], headers={"Authorization": "Bearer x"}).status_code == 401
    sim.control("POST", "clock", advance_seconds=301)
    assert sim.http.get(shown["url"], headers=right).status_code == 404
    assert sim.graph("DELETE", media_id).json() == {"success": True}
    assert sim.error(sim.graph("GET", media_id)) == (404, 803)


def test_media_ids_die_after_30_and_7_days(sim: Stage) -> None:
    uploaded = _upload(sim)
    sim.says("image")
    wait(lambda: sim.hook.items("messages"))
    received = sim.hook.items("messages")[0]["image"]["id"]
    sim.control("POST", "clock", advance_seconds=7 * 86_400 + 1)
    assert sim.error(sim.graph("GET", received)) == (400, 100)
    assert sim.graph("GET", uploaded).is_success
    sim.control("POST", "clock", advance_seconds=23 * 86_400 + 1)

    assert sim.error(sim.graph("GET", uploaded)) == (400, 100)


@pytest.mark.parametrize(
    ("mime_type", "size", "code"),
    [
        ("image/gif", 10, 100),
        ("text/html", 10, 100),
        ("image/png", 0, 131009),
        ("image/png", 5 * medium.MIB + 1, 131053),
        ("image/webp", 500 * 1024 + 1, 131053),
    ],
)
def test_media_of_wrong_type_or_size_is_refused(
    sim: Stage, mime_type: str, size: int, code: int
) -> None:
    files = {"file": ("a", b"x" * size, mime_type)}
    answer = sim.graph("POST", f"{NUMBER}/media", data=_PRODUCT, files=files)

    assert sim.error(answer) == (400, code)


def test_media_message_shows_the_file_on_the_phone(sim: Stage) -> None:
    sim.says()
    wamid = sim.sent(type="image", image={"id": _upload(sim), "caption": "Bremse"})

    wait(lambda: "delivered" in sim.hook.statuses(wamid))
    page = sim.http.get(f"/phones/anna/screen?number={NUMBER}").text
    assert '<img src="/phones/media/' in page


def test_only_recent_writers_can_be_blocked(sim: Stage) -> None:
    order = _PRODUCT | {"block_users": [{"user": ANNA}]}
    path = f"{NUMBER}/block_users"
    refused = sim.graph("POST", path, order)
    assert sim.error(refused) == (400, 139100)
    assert refused.json()["block_users"]["failed_users"][0]["input"] == ANNA
    sim.says()

    added = sim.graph("POST", path, order).json()["block_users"]["added_users"]
    assert added == [{"input": ANNA, "wa_id": stage.ANNA_DIGITS}]
    listed = sim.graph("GET", path).json()["data"]
    assert listed == [_PRODUCT | added[0]]
    before = len(sim.hook.items("messages"))
    sim.says()
    removed = sim.graph("DELETE", path, order).json()["block_users"]["removed_users"]
    assert removed == added
    last = sim.says()
    wait(lambda: [m["id"] for m in sim.hook.items("messages")][before:][-1:] == [last])
    assert len(sim.hook.items("messages")) == 2


def test_contact_book_fills_by_itself_and_can_be_emptied(sim: Stage) -> None:
    sim.control("PUT", "customers/anna", bsuid="DE.9")
    path = f"{NUMBER}/contact_book/DE.9"
    assert sim.graph("GET", path).json()["present"] is False
    sim.says()
    assert sim.graph("GET", path).json()["present"] is True
    assert sim.graph("DELETE", path).json() == {
        "messaging_product": "whatsapp",
        "success": True,
        "deleted": True,
    }
    assert sim.graph("DELETE", path).json()["deleted"] is False
    sim.number(contact_book=False)
    sim.says()

    assert sim.graph("GET", path).json()["present"] is False
    assert sim.error(sim.graph("GET", f"{NUMBER}/contact_book/DE.ENT.9")) == (400, 131009)


def test_qr_link_lives_from_creation_to_deletion(sim: Stage) -> None:
    path = f"{NUMBER}/message_qrdls"
    order = {"prefilled_message": "Termin", "generate_qr_image": "SVG"}
    made = sim.graph("POST", path, order).json()
    changed = sim.graph("POST", path, {"code": made["code"], "prefilled_message": "HU"}).json()

    assert changed["prefilled_message"] == "HU"
    assert sim.http.get(made["qr_image_url"]).text.startswith("<?xml")
    assert sim.http.get(made["qr_image_url"].replace("svg", "png")).content[:4] == b"\x89PNG"
    assert [each["code"] for each in sim.graph("GET", path).json()["data"]] == [made["code"]]
    assert sim.graph("DELETE", f"{path}/{made['code']}").json() == {"success": True}
    assert sim.error(sim.graph("GET", f"{path}/{made['code']}")) == (400, 100)


def test_account_lists_its_numbers(sim: Stage) -> None:
    sim.number("10010002", display_phone_number="+49 30 23125 002")

    found = sim.graph("GET", f"{WABA}/phone_numbers", params={"limit": "1"}).json()
    assert [each["id"] for each in found["data"]] == [NUMBER]
    rest = sim.graph(
        "GET", f"{WABA}/phone_numbers", params={"after": found["paging"]["cursors"]["after"]}
    ).json()
    assert [each["id"] for each in rest["data"]] == ["10010002"]


def test_resumable_upload_gives_a_handle(sim: Stage) -> None:
    begun = sim.graph("POST", "77/uploads", params={"file_length": "3", "file_type": "image/png"})
    session = begun.json()["id"]

    assert sim.graph("POST", session, content=b"abc").json()["h"].startswith("4::")
    assert sim.graph("GET", session).json() == {"id": session, "file_offset": 3}
