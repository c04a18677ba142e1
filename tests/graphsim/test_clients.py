"""Real third-party clients complete a scripted conversation with the simulator."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import pywa
from pywa.types import Button
from pywa.types.templates import BodyText, ParamFormat, Template, TemplateCategory

from tests.graphsim import stage
from tests.graphsim.stage import NUMBER, SECRET, TOKEN, WABA, Stage, wait

_NODE = Path(__file__).parent / "node"


class _ToSimulator(httpx.BaseTransport):
    """Carries what is meant for Meta to the simulator; everything else stays as the client made it."""

    def __init__(self, url: str) -> None:
        self._url = httpx.URL(url)
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(
            scheme=self._url.scheme, host=self._url.host, port=self._url.port
        )
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


class _Heard:
    """What pywa understood of the webhooks it was given."""

    def __init__(self, client: pywa.WhatsApp) -> None:
        self.texts: list[str] = []
        self.pressed: list[str] = []
        self.statuses: list[str] = []
        self.reviews: list[str] = []
        client.on_message()(lambda _, update: self.texts.append(str(update.text)))
        client.on_callback_button()(lambda _, update: self.pressed.append(str(update.data)))
        client.on_message_status()(lambda _, update: self.statuses.append(update.status.value))
        client.on_template_status_update()(
            lambda _, update: self.reviews.append(update.new_status.value)
        )


@pytest.fixture
def session(sim: Stage) -> Iterator[httpx.Client]:
    with httpx.Client(transport=_ToSimulator(sim.url), trust_env=False) as made:
        yield made


def _client(session: httpx.Client) -> pywa.WhatsApp:
    return pywa.WhatsApp(
        phone_id=NUMBER,
        token=TOKEN,
        session=session,
        server=None,
        app_secret=SECRET,
        verify_token="verify-me",
        waba_id=WABA,
    )


def test_pywa_completes_a_conversation(sim: Stage, session: httpx.Client) -> None:
    client = _client(session)
    sim.number(pair_rate=False)
    written = sim.says(text="Ist mein Wagen fertig?")

    client.mark_message_as_read(message_id=written)
    client.indicate_typing(message_id=written)
    asked = client.send_message(
        to=stage.ANNA_DIGITS,
        text="Sollen wir die Bremsen machen?",
        buttons=[Button("Ja", callback_data="yes"), Button("Nein", callback_data="no")],
        reply_to_message_id=written,
    )
    client.send_reaction(to=stage.ANNA_DIGITS, emoji="👍", message_id=written)
    client.send_location(to=stage.ANNA_DIGITS, latitude=52.5, longitude=13.4, name="Hof")
    media = client.upload_media(media=b"\x89PNG invented", mime_type="image/png", filename="a.png")
    client.send_image(to=stage.ANNA_DIGITS, image=media.id, caption="Die Bremse")

    held = sim.control("GET", "customers/anna/messages")["messages"]
    kinds = [each["kind"] for each in held]
    assert kinds == ["text", "interactive", "reaction", "location", "image"]
    assert held[0]["status"] == "read"
    assert held[1]["id"] == asked.id
    assert client.get_media_bytes(client.get_media_url(media.id).url) == b"\x89PNG invented"


def test_pywa_understands_the_webhooks(sim: Stage, session: httpx.Client) -> None:
    client = _client(session)
    heard = _Heard(client)
    sim.control("POST", f"numbers/{NUMBER}/faults", webhook={"kind": "split"})
    sim.says(text="Hallo")
    sent = client.send_message(to=stage.ANNA_DIGITS, text="Ja?")
    reply = {"type": "button_reply", "button_reply": {"id": "yes", "title": "Ja"}}
    sim.says("interactive", interactive=reply, reply_to=sent.id)
    wait(lambda: len(sim.hook.bodies) == 4)

    for raw, signature in zip(sim.hook.bodies, sim.hook.signatures, strict=True):
        assert client.webhook_update_validator(raw, signature) is None
        assert client.webhook_update_handler(update=raw) == ("ok", 200)
    assert heard.texts == ["Hallo"]
    assert sorted(heard.statuses) == ["delivered", "sent"]
    assert heard.pressed == ["yes"]


def test_pywa_manages_templates_profile_and_lists(sim: Stage, session: httpx.Client) -> None:
    client = _client(session)
    made = client.create_template(
        Template(
            name="fertig",
            language="de",
            category=TemplateCategory.UTILITY,
            parameter_format=ParamFormat.NAMED,
            components=[
                BodyText("Hallo {{name}}, Ihr Wagen ist fertig. Danke!", name="Anna"),
            ],
        )
    )
    wait(lambda: sim.world.templates[made.id].status == "APPROVED")
    found = list(client.get_templates())
    client.update_business_profile(about="Ihr Autohaus")
    qr = client.create_qr_code("Termin", image_type="SVG")
    sim.says()
    blocked = client.block_users([stage.ANNA_DIGITS])

    assert [each.name for each in found] == ["fertig"]
    assert client.get_business_profile().about == "Ihr Autohaus"
    assert client.get_qr_code(qr.code).prefilled_message == "Termin"
    assert [each.input for each in blocked.added_users] == [stage.ANNA_DIGITS]
    assert [each.wa_id for each in client.get_blocked_users()] == [stage.ANNA_DIGITS]
    assert client.get_business_phone_number().quality_rating == "GREEN"
    assert client.delete_template(template_name="fertig")


def test_pywa_raises_its_own_errors(sim: Stage, session: httpx.Client) -> None:
    client = _client(session)
    sim.control("POST", f"numbers/{NUMBER}/faults", api={"kind": "rate_limit", "times": 1})
    sim.says()

    with pytest.raises(pywa.errors.RateLimitHit):
        client.send_message(to=stage.ANNA_DIGITS, text="Hallo")
    assert client.send_message(to=stage.ANNA_DIGITS, text="Hallo").id


def test_node_client_completes_a_conversation(sim: Stage) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("node and npm are not installed: the Node client cannot be fetched.")
    if not (_NODE / "node_modules" / "whatsapp-api-js").is_dir():
        fetched = subprocess.run([npm, "ci", "--silent"], cwd=_NODE, check=False, timeout=240)
        if fetched.returncode:
            pytest.skip("npm could not fetch the Node client from its registry.")
    script = [node, "conversation.mjs", sim.url, NUMBER, TOKEN, SECRET, stage.ANNA_DIGITS]
    done = subprocess.run(
        script, cwd=_NODE, capture_output=True, text=True, timeout=180, check=False
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "challenge": True,
        "heard": ["Ist mein Wagen fertig?", "yes"],
        "statuses": ["sent", "delivered", "read"],
        "media": "invented picture",
        "blocked": [stage.ANNA_DIGITS],
        "error": 131009,
    }
