"""The messages endpoint as a business meets it."""

import pytest

from tests.graphsim import stage
from tests.graphsim.stage import NUMBER, Json, Stage, filled, wait


def test_text_inside_window_is_sent_delivered_and_read(sim: Stage) -> None:
    sim.says()

    answer = sim.send(biz_opaque_callback_data="our-id")

    wamid = answer.json()["messages"][0]["id"]
    assert answer.json() == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": stage.ANNA, "wa_id": stage.ANNA_DIGITS}],
        "messages": [{"id": wamid}],
    }
    wait(lambda: sim.hook.statuses(wamid) == ["sent", "delivered"])
    sim.control("POST", "customers/anna/read")
    wait(lambda: sim.hook.statuses(wamid) == ["sent", "delivered", "read"])
    told = [item for item in sim.hook.items("statuses") if item["id"] == wamid]
    assert {item["biz_opaque_callback_data"] for item in told} == {"our-id"}
    assert all(item["recipient_id"] == stage.ANNA_DIGITS for item in told)
    prices = [item["pricing"] for item in told if "pricing" in item]
    assert prices == [
        {
            "billable": False,
            "pricing_model": "PMP",
            "type": "free_customer_service",
            "category": "service",
        }
    ]
    assert all(sim.hook.signed)


def test_text_outside_window_is_accepted_and_fails_by_webhook(sim: Stage) -> None:
    wamid = sim.sent()

    wait(lambda: sim.hook.statuses(wamid) == ["failed"])
    failed = sim.hook.items("statuses")[0]
    assert [error["code"] for error in failed["errors"]] == [131047]
    assert "contacts" not in sim.hook.values()[0]


def test_text_outside_window_is_refused_at_once_when_set_so(sim: Stage) -> None:
    sim.number(errors_by="answer")

    assert sim.error(sim.send()) == (400, 131047)


def test_window_closes_after_24_hours(sim: Stage) -> None:
    sim.says()
    sim.control("POST", "clock", advance_seconds=86_399)
    inside = sim.sent()
    sim.control("POST", "clock", advance_seconds=2)
    outside = sim.sent()

    wait(lambda: sim.hook.statuses(outside) == ["failed"])
    wait(lambda: sim.hook.statuses(inside) == ["sent", "delivered"])


def test_advertisement_opens_72_free_hours(sim: Stage) -> None:
    sim.says(referral={"source_type": "ad", "source_id": "1", "source_url": "https://example.org"})
    sim.control("POST", "clock", advance_seconds=71 * 3600)
    wamid = sim.sent()

    wait(lambda: sim.hook.statuses(wamid) == ["sent", "delivered"])
    kinds = [s["pricing"]["type"] for s in sim.hook.items("statuses") if "pricing" in s]
    assert kinds == ["free_entry_point"]


def test_template_needs_no_window(sim: Stage) -> None:
    sim.template()

    answer = sim.send(**filled())

    assert answer.json()["messages"][0]["message_status"] == "accepted"
    wamid = answer.json()["messages"][0]["id"]
    wait(lambda: sim.hook.statuses(wamid) == ["sent", "delivered"])
    kinds = [s["pricing"]["category"] for s in sim.hook.items("statuses") if "pricing" in s]
    assert kinds == ["utility"]


def test_recipient_without_whatsapp_fails_with_131026(sim: Stage) -> None:
    sim.says()
    sim.control("PUT", "customers/anna", on_whatsapp=False)
    wamid = sim.sent()

    wait(lambda: sim.hook.statuses(wamid) == ["failed"])
    assert sim.hook.items("statuses")[0]["errors"][0]["code"] == 131026


def test_stopped_marketing_fails_with_131050_until_resumed(sim: Stage) -> None:
    sim.template("angebot", category="MARKETING")
    sim.control("POST", "customers/anna/stop", to=NUMBER)
    wait(lambda: sim.hook.items("user_preferences", "user_preferences"))
    stopped = sim.sent(**filled("angebot"))
    sim.control("POST", "customers/anna/resume", to=NUMBER)
    resumed = sim.sent(**filled("angebot"))

    wait(lambda: sim.hook.statuses(stopped) == ["failed"])
    wait(lambda: sim.hook.statuses(resumed) == ["sent", "delivered"])
    values = [p["value"] for p in sim.hook.items("user_preferences", "user_preferences")]
    assert values == ["stop", "resume"]


def test_pair_rate_allows_45_at_once_and_one_in_six_seconds(sim: Stage) -> None:
    sim.says()
    answers = [sim.send().status_code for _ in range(45)]

    assert answers == [200] * 45
    assert sim.error(sim.send()) == (400, 131056)
    sim.control("POST", "clock", advance_seconds=6)
    assert sim.send().status_code == 200
    assert sim.error(sim.send()) == (400, 131056)


def test_throughput_is_limited_per_second(sim: Stage) -> None:
    sim.number(throughput=5, pair_rate=False)
    answers = [sim.send().status_code for _ in range(6)]

    assert answers == [200] * 5 + [400]
    sim.number(throughput=5, enforce_limits=False)
    assert sim.send().status_code == 200


def test_tier_limits_people_outside_windows_across_numbers(sim: Stage) -> None:
    sim.template()
    sim.number(pair_rate=False, throughput=10_000)
    sim.number("10010002", pair_rate=False, throughput=10_000)
    for n in range(250):
        assert sim.send(to=f"+498999998{n:03d}", **filled()).status_code == 200
    over = sim.sent(to="+49 30 23125 999", number_id="10010002", **filled())

    wait(lambda: sim.hook.statuses(over) == ["failed"])
    failed = [s for s in sim.hook.items("statuses") if s["id"] == over]
    assert failed[0]["errors"][0]["code"] == 131064


def test_thousand_service_messages_a_month_are_free(sim: Stage) -> None:
    sim.says()
    sim.world.numbers[NUMBER].free_used = 999
    sim.world.numbers[NUMBER].free_month = ""
    month = sim.sent()
    sim.world.numbers[NUMBER].free_used = 1000
    charged = sim.sent()

    wait(lambda: sim.hook.statuses(charged) == ["sent", "delivered"])
    kinds = {s["id"]: s["pricing"]["type"] for s in sim.hook.items("statuses") if "pricing" in s}
    assert kinds == {month: "free_customer_service", charged: "regular"}


def test_offline_phone_gets_messages_when_it_returns(sim: Stage) -> None:
    sim.says()
    sim.control("PUT", "customers/anna", offline=True)
    kept = sim.sent()
    wait(lambda: sim.hook.statuses(kept) == ["sent"])
    sim.control("PUT", "customers/anna", offline=False)

    wait(lambda: sim.hook.statuses(kept) == ["sent", "delivered"])


def test_message_undelivered_for_30_days_is_dropped_silently(sim: Stage) -> None:
    sim.says()
    sim.control("PUT", "customers/anna", offline=True)
    lost = sim.sent()
    sim.control("POST", "clock", advance_seconds=31 * 86_400)
    sim.control("PUT", "customers/anna", offline=False)
    sim.says()
    later = sim.sent()

    wait(lambda: sim.hook.statuses(later) == ["sent", "delivered"])
    assert sim.hook.statuses(lost) == ["sent"]


def test_read_mark_and_typing_are_seen_on_the_phone(sim: Stage) -> None:
    wamid = sim.says()
    body = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": wamid,
        "typing_indicator": {"type": "text"},
    }

    assert sim.graph("POST", f"{NUMBER}/messages", body).json() == {"success": True}
    page = sim.http.get(f"/phones/anna/screen?number={NUMBER}").text
    assert "schreibt …" in page
    assert 'class="ticks blue"' in page


_KINDS: list[tuple[str, Json]] = [
    ("text", {"body": "Hallo", "preview_url": True}),
    ("image", {"link": "https://example.org/a.png", "caption": "Bild"}),
    ("audio", {"link": "https://example.org/a.ogg"}),
    ("video", {"link": "https://example.org/a.mp4"}),
    ("document", {"link": "https://example.org/a.pdf", "filename": "a.pdf"}),
    ("sticker", {"link": "https://example.org/a.webp"}),
    ("location", {"latitude": 52.5, "longitude": "13.4", "name": "Hof"}),
    (
        "interactive",
        {
            "type": "button",
            "body": {"text": "Passt das?"},
            "action": {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "Ja"}}]},
        },
    ),
    (
        "interactive",
        {
            "type": "list",
            "body": {"text": "Wann?"},
            "action": {"button": "Zeit", "sections": [{"rows": [{"id": "1", "title": "8 Uhr"}]}]},
        },
    ),
    (
        "interactive",
        {
            "type": "cta_url",
            "body": {"text": "Mehr"},
            "action": {
                "name": "cta_url",
                "parameters": {"display_text": "Öffnen", "url": "https://example.org"},
            },
        },
    ),
    (
        "interactive",
        {
            "type": "location_request_message",
            "body": {"text": "Wo?"},
            "action": {"name": "send_location"},
        },
    ),
    (
        "interactive",
        {"type": "flow", "body": {"text": "Bitte"}, "action": {"name": "flow", "parameters": {}}},
    ),
]


@pytest.mark.parametrize(("kind", "payload"), _KINDS)
def test_every_kind_is_accepted_and_drawn(sim: Stage, kind: str, payload: Json) -> None:
    sim.says()
    wamid = sim.sent(type=kind, **{kind: payload})

    wait(lambda: sim.hook.statuses(wamid) == ["sent", "delivered"])
    page = sim.http.get(f"/phones/anna/screen?number={NUMBER}")
    assert page.status_code == 200
    assert f'data-id="{wamid}"' in page.text


def test_contacts_and_reaction_are_accepted(sim: Stage) -> None:
    written = sim.says()
    sim.sent(type="contacts", contacts=[{"name": {"formatted_name": "Meister", "first_name": "M"}}])
    sim.sent(type="reaction", reaction={"message_id": written, "emoji": "👍"})

    held = sim.control("GET", "customers/anna/messages")["messages"]
    assert held[0]["reactions"] == {NUMBER: "👍"}
    assert [each["kind"] for each in held] == ["text", "contacts", "reaction"]


def test_log_shows_every_request_with_its_outcome(sim: Stage) -> None:
    sim.says()
    wamid = sim.sent(biz_opaque_callback_data="a")
    sim.send(type="nonsense", biz_opaque_callback_data="b")

    log = sim.control("GET", "log?after=0")
    shown = [
        (each["wamid"], each["biz_opaque_callback_data"], each["kind"], each["outcome"])
        for each in log["entries"]
    ]
    assert shown == [(wamid, "a", "text", "accepted"), (None, "b", "nonsense", "refused:100")]
    assert (log["total"], log["dropped"], log["next"]) == (2, 0, 2)
    assert sim.control("GET", "log?after=2")["entries"] == []
