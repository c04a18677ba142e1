"""Two who share one phone: what one of them asks for leaves the other's data alone and does not show it."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from tests import dealers, erasures, phones, staff
from werkbote.actions import cases, contact, desk, privacy
from werkbote.domain import cases as matter
from werkbote.domain import contact as forms
from werkbote.domain import privacy as rights
from werkbote.reads import privacy as reading
from werkbote.store import ids, keyring, models, scope

pytestmark = pytest.mark.usefixtures("journal_folder")

AT = dealers.NOW
MINUTE = timedelta(minutes=1)
LATER = timedelta(hours=1)
REASON = "Angaben über eine andere Person"


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


@pytest.fixture
def by(dealer: dealers.Dealer) -> int:
    return staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])


@pytest.fixture
def petra(dealer: dealers.Dealer, by: int) -> int:
    """Whose phone it is; Bernd writes from it too, and corrects himself."""
    person = erasures.lives(dealer, words="Mein Golf klappert", name="Petra Beispiel")
    wamid = f"wamid.{ids.new()}"
    phones.writes(dealer, "Hier Bernd, mein Auspuff röhrt", at=AT + MINUTE, wamid=wamid)
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.filter(outgoing=False).latest("id")
    now = {"type": "text", "text": {"body": "Hier Bernd, mein Auspuff brummt"}}
    _says(dealer, "edit", {"original_message_id": wamid, "message": now})
    desk.note(
        organisation=dealer.organisation,
        conversation=row.conversation_id,
        text="Bernd zahlt bar",
        by=by,
        at=AT,
    )
    return person


@pytest.fixture
def bernd(dealer: dealers.Dealer, by: int, petra: int) -> int:
    """Bernd is known by his own e-mail too; he drives Petra's car and has a case of his own."""
    contact.ask(
        branch=dealer.branch,
        filled=contact.Filled(
            request=ids.new(),
            kind=forms.Kind.CALLBACK,
            name="Bernd Beispiel",
            words="Bitte wegen des Auspuffs",
            email="bernd@familie.example",
            proof=forms.Proof.WAIT,
            ip="127.0.0.7",
        ),
        at=AT,
    )
    with scope.looking(organisation=dealer.organisation):
        person = models.Person.objects.exclude(id=petra).get().id
    told = matter.Vehicle(plate="HH-BB 22", make="VW", model="Golf")
    for who, role in ((petra, matter.Role.HOLDER), (person, matter.Role.DRIVER)):
        cases.record_vehicle(
            organisation=dealer.organisation, person=who, role=role, told=told, by=by, at=AT
        )
    return person


def _says(dealer: dealers.Dealer, kind: str, content: Any) -> None:
    value = dealers.text("", name="Petra Beispiel", at=AT + 2 * MINUTE)
    del value["messages"][0]["text"]
    value["messages"][0] |= {"type": kind, kind: content, "from_user_id": erasures.USER_ID}
    value["contacts"][0]["user_id"] = erasures.USER_ID
    dealers.arrive(dealer, dealers.body(dealer, value), at=AT + 2 * MINUTE)
    dealers.understand(dealer, at=AT + 2 * MINUTE)


def asked(dealer: dealers.Dealer, person: int, kind: rights.Kind, *, by: int) -> int:
    """A request of a person whom the team has met."""
    received = privacy.Received(branch=dealer.branch, kind=kind, channel="counter", person=person)
    common: dict[str, Any] = {"organisation": dealer.organisation, "by": by, "at": AT + LATER}
    request = privacy.receive(received=received, **common)
    privacy.identify(request=request, rung=rights.Rung.COUNTER, person=person, **common)
    return request


def package(dealer: dealers.Dealer, person: int, *, by: int, hide: tuple[int, ...] = ()) -> str:
    """Everything readable in the package of a person, with what was hidden in its review."""
    request = asked(dealer, person, rights.Kind.ACCESS, by=by)
    common: dict[str, Any] = {"organisation": dealer.organisation, "by": by, "at": AT + LATER}
    made = privacy.begin_package(request=request, **common)
    for row in hide:
        privacy.redact(package=made, message=row, reason=REASON, **common)
    privacy.make_package(package=made, **common)
    return "\n".join(
        content.decode("utf-8", "replace")
        for name, content in _files(dealer, made, person).items()
        if not name.endswith((".pdf", ".jpg"))
    )


def _files(dealer: dealers.Dealer, made: int, person: int) -> dict[str, bytes]:
    keys = keyring.organisation(dealer.organisation)
    with scope.looking(organisation=dealer.organisation):
        owner = models.Person.objects.get(id=person)
        key = keys.unwrap(owner.key_wrapped, person=person)
        chunks = models.PackageChunk.objects.filter(package=made).order_by("position")
        whole = b"".join(
            key.open(one.sealed, table="package_chunk", row=one.id, column="sealed")
            for one in chunks
        )
    archive = zipfile.ZipFile(io.BytesIO(whole))
    return {name: archive.read(name) for name in archive.namelist()}


def about_bernd(dealer: dealers.Dealer, petra: int, *, by: int) -> tuple[int, ...]:
    """What the review shows of Bernd in Petra's package, found by reading it."""
    request = asked(dealer, petra, rights.Kind.COPY, by=by)
    made = privacy.begin_package(
        organisation=dealer.organisation, request=request, by=by, at=AT + LATER
    )
    bundle = reading.bundle(viewer=staff.viewer(by), package=made)
    shown = [(one.id, one.text) for one in (*bundle.messages, *bundle.beside)]
    return tuple(row for row, text in shown if "Bernd" in text)


@pytest.mark.shows("R-25")
def test_access_of_one_shows_nothing_of_the_other_once_it_was_reviewed(dealer, by, petra, bernd):
    hide = about_bernd(dealer, petra, by=by)
    said = package(dealer, petra, by=by, hide=hide)
    assert "Mein Golf klappert" in said
    for word in ("Bernd", "bernd@familie.example", "röhrt", "brummt", "zahlt bar", "Auspuffs"):
        assert word not in said
    assert REASON in said
    assert str(bernd) not in json.dumps(said)


def test_hidden_message_takes_its_edit_along(dealer, by, petra):
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.filter(outgoing=False).latest("id")
        assert models.MessageChange.objects.filter(target=row.provider_id).count() == 1
    said = package(dealer, petra, by=by, hide=(row.id,))
    assert ("röhrt" in said, "brummt" in said) == (False, False)


def test_review_shows_everything_with_words_that_the_package_would_hold(dealer, by, petra):
    said = package(dealer, petra, by=by)
    assert "Bernd zahlt bar" in said
    assert len(about_bernd(dealer, petra, by=by)) == 3


def test_access_of_the_other_shows_nothing_of_whose_phone_it_is(dealer, by, petra, bernd):
    said = package(dealer, bernd, by=by)
    assert ("bernd@familie.example" in said, "HH-BB 22" in said) == (True, True)
    for word in ("Petra", "klappert", dealers.ALICE, erasures.USER_ID, str(petra)):
        assert word not in said


def test_erasure_of_one_leaves_the_other_whole(dealer, by, petra, bernd):
    before = package(dealer, bernd, by=by)
    with scope.transaction(organisation=dealer.organisation):
        models.Identity.objects.filter(scheme="bsuid").delete()
    run = erasures.asked(dealer, petra)
    assert erasures.executed(dealer, run) is rights.State.DONE
    with scope.looking(organisation=dealer.organisation):
        assert [row.id for row in models.Person.objects.all()] == [bernd]
        assert [row.person_id for row in models.VehicleRole.objects.all()] == [bernd]
        assert models.Vehicle.objects.count() == models.Case.objects.count() == 1
        assert models.ContactRequest.objects.count() == 1
    after = package(dealer, bernd, by=by)
    for word in ("Bernd Beispiel", "bernd@familie.example", "HH-BB 22", "wegen des Auspuffs"):
        assert (word in before, word in after) == (True, True)


def test_erasure_of_the_other_leaves_the_phone_and_its_chat(dealer, by, petra, bernd):
    with scope.looking(organisation=dealer.organisation):
        case = models.Case.objects.get(person=bernd).id
    cases.close_case(
        organisation=dealer.organisation, case=case, contract=matter.Contract.NO, by=by, at=AT
    )
    run = erasures.asked(dealer, bernd)
    assert erasures.executed(dealer, run) is rights.State.DONE
    said = package(dealer, petra, by=by)
    assert ("Mein Golf klappert" in said, "HH-BB 22" in said) == (True, True)
    assert "bernd@familie.example" not in said
    with scope.looking(organisation=dealer.organisation):
        assert models.Person.objects.get().restricted_at is None
