"""A person's package: complete by the table of fields, third parties hidden, delivered once by link and code."""

import csv
import hashlib
import io
import json
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests import dealers, erasures, lettered, letters, phones, staff
from werkbote.actions import cases, desk, drafts, outbox, privacy
from werkbote.config import person_schema
from werkbote.store import exporting, models, scope

AT = dealers.NOW
LATER = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def story(database) -> dict[str, Any]:
    """A person asks; the package is reviewed, made and fetched."""
    del database
    dealer = dealers.dealer()
    by = staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])
    person = erasures.lives(dealer, words="=1+1 Moin", name="Petra Beispiel")
    phones.agrees(dealer, at=AT + timedelta(minutes=1))
    phones.writes(dealer, "STOPP", at=AT + timedelta(minutes=1, seconds=30))
    remembered(dealer, by, person)
    phones.writes(dealer, "Mein Nachbar Bob hat auch ein Problem", at=AT + timedelta(minutes=2))
    with scope.looking(organisation=dealer.organisation):
        third = models.Message.objects.filter(outgoing=False).latest("id").id
    erasures.attach(dealer, person, b"Foto vom Nachbarn", message=third)
    phones.writes(dealer, "Welche Daten haben Sie über mich?", at=AT + timedelta(minutes=3))
    with scope.looking(organisation=dealer.organisation):
        request = models.PersonRequest.objects.get().id
    common = {"organisation": dealer.organisation, "by": by, "at": AT + LATER}
    privacy.review(request=request, is_one=True, **common)
    package = privacy.begin_package(request=request, **common)
    assert privacy.begin_package(request=request, **common) == package
    privacy.redact(package=package, message=third, reason="Angaben über einen Nachbarn", **common)
    token = privacy.make_package(package=package, **common)
    return {
        "dealer": dealer,
        "person": person,
        "request": request,
        "package": package,
        "token": token,
        "third": third,
        "common": common,
    }


def remembered(dealer: dealers.Dealer, by: int, person: int) -> None:
    """What is kept of a person beside their messages: note, mark, refused advertising, an export."""
    common = {"organisation": dealer.organisation, "at": AT + timedelta(minutes=1, seconds=40)}
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get(person=person).id
        first = models.Message.objects.filter(outgoing=False).earliest("id").id
    desk.note(conversation=conversation, text="Mag Kaffee ohne Milch", by=by, **common)
    cases.mark_message(message=first, tag="small_talk", by=by, **common)
    outbox.queue_message(
        conversation=conversation,
        draft=drafts.Draft(text="Räder im Angebot. STOPP genügt."),
        purpose="P-05",
        by=by,
        **common,
    )
    outbox.claim(number=dealer.number, **common)
    desk.record_export(conversation=conversation, by=by, **common)


def code_of(dealer: dealers.Dealer) -> str:
    """The code that waits to be sent."""
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.filter(request_key__startswith="code:").latest("id")
    return phones.content(dealer, row)["text"].split(": ")[1][:6]


@pytest.fixture(scope="module")
def archive(story: dict[str, Any]) -> zipfile.ZipFile:
    where = {"branch": story["dealer"].branch, "token": story["token"], "at": AT + 2 * LATER}
    privacy.check_link(**where)
    with pytest.raises(privacy.UnableToFetch):
        privacy.fetch(code="", **where)
    privacy.send_code(**where)
    code = code_of(story["dealer"])
    with pytest.raises(privacy.UnableToFetch):
        privacy.fetch(code="x", **where)
    parcel = privacy.fetch(code=code, **where)
    content = b"".join(parcel.pieces)
    assert len(content) == parcel.size
    with pytest.raises(privacy.UnableToFetch):
        privacy.fetch(code=code, **where)
    return zipfile.ZipFile(io.BytesIO(content))


@pytest.mark.shows("R-20", "R-25")
def test_manifest_names_every_file_with_its_hash(archive):
    manifest = json.loads(archive.read("manifest.json"))
    assert sorted(manifest["files"]) == sorted(set(archive.namelist()) - {"manifest.json"})
    for name, told in manifest["files"].items():
        content = archive.read(name)
        assert told == {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def test_data_hold_every_exported_table_and_fit_the_published_schema(archive):
    data, schema = (json.loads(archive.read(name)) for name in ("data.json", "schema.json"))
    tables = schema["properties"]["tables"]["properties"]
    assert set(data["tables"]) == set(tables)
    assert set(schema["required"]) == set(data)
    for name, rows in data["tables"].items():
        wanted = tables[name]["items"]
        for row in rows:
            assert set(row) == set(wanted["required"])
            for field, value in row.items():
                fits(value, wanted["properties"][field], f"{name}.{field}")
    assert len(data["tables"]["store.Message"]) >= 5
    assert data["tables"]["store.ConsentEvidence"][0]["body"]["channel"]


def fits(value: Any, told: dict[str, Any], where: str) -> None:
    kinds = {
        "integer": int,
        "string": str,
        "boolean": bool,
        "null": type(None),
    }
    if "type" in told:
        assert any(isinstance(value, kinds[kind]) for kind in told["type"]), where


def test_published_schema_is_the_one_in_the_package(archive):
    assert person_schema.PUBLISHED.read_bytes() == person_schema.rendered(), (
        "Renew it: ./werkbote person-schema --write"
    )
    assert json.loads(archive.read("schema.json")) == exporting.schema()


def test_third_parties_are_hidden_with_a_mark_and_the_reason_file_included(archive, story):
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Nachbar Bob" not in whole
    assert b"Foto vom Nachbarn" not in whole
    rows = json.loads(archive.read("data.json"))["tables"]["store.Message"]
    (hidden,) = [row for row in rows if row["id"] == story["third"]]
    assert hidden["body"] == {"redacted": "Angaben über einen Nachbarn"}
    media = [name for name in archive.namelist() if name.startswith("media/")]
    assert [archive.read(name)[:2] for name in media] == [b"\xff\xd8"]


def test_csv_is_utf8_semicolons_and_calculates_nothing(archive):
    raw = archive.read("messages.csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw[3:].decode()), delimiter=";"))
    assert rows[0]["text"] == "'=1+1 Moin"
    assert {row["from"] for row in rows} == {"person", "dealer"}


@pytest.mark.shows("R-27")
def test_copy_is_assembled_from_every_store_by_one_deed(archive, story):
    """What recht.md 4.7 lists, each with something in it: what was kept, and what was done with it."""
    data = json.loads(archive.read("data.json"))
    filled = {name for name, rows in data["tables"].items() if rows}
    assert {
        "store.Person",
        "store.Identity",
        "store.Message",
        "store.Media",
        "store.Note",
        "store.Consent",
        "store.ConsentEvent",
        "store.ConsentEvidence",
        "store.Decision",
        "store.PersonRequest",
    } <= filled
    tables, told = data["tables"], data["disclosed"]
    assert [row["body_sealed"] for row in tables["store.Note"]] == ["Mag Kaffee ohne Milch"]
    assert "small_talk" in {row["tag"] for row in tables["store.Message"]}
    assert {row["source"] for row in tables["store.Person"]} == {"message"}
    assert any(row["notice_version"] for row in tables["store.Message"])
    assert {row["scope"] for row in told["suppressions"]} == {"advertising"}
    assert [(row["purpose"], bool(row["why"])) for row in told["not_sent"]] == [("P-05", True)]
    assert [row["what"] for row in told["disclosures"]] == ["desk.exported"]
    assert [row["name"] for row in told["recipients"]] == ["WhatsApp Ireland Limited"]
    assert [row["present"] for row in told["contact_book"]] == ["possible"]
    assert "35 Tage" in data["information"]["backups"]
    assert data["hidden"] == 1
    members = models.Member.objects.values_list("id", flat=True)
    with scope.looking(organisation=story["dealer"].organisation):
        assert [one for one in members if str(one) in json.dumps(told)] == []


@pytest.mark.shows("R-27")
@pytest.mark.parametrize(
    ("state", "present"), [("passed", "no"), ("failed", "yes"), ("", "possible")]
)
def test_copy_says_whether_metas_contact_book_holds_the_person(tmp_path, state, present):
    dealer, by = house()
    if state:
        with scope.transaction(organisation=dealer.organisation):
            models.NumberCheck(
                organisation_id=dealer.organisation,
                number_id=dealer.number,
                step="contact_book",
                state=state,
                how="person",
                on_day=AT.date(),
                by=by,
                at=AT,
            ).save(force_insert=True)
    made = opened(dealer, by, "Welche Daten haben Sie über mich?")
    assert [one["present"] for one in made.data["disclosed"]["contact_book"]] == [present]
    said = {"no": "ist ausgeschaltet", "yes": "ist eingeschaltet", "possible": "rechnen Sie damit"}
    assert said[present] in lettered.words(made.files["auskunft.pdf"], tmp_path)


@pytest.mark.shows("R-28")
def test_letters_kept_by_law_alone_are_left_out_with_a_reason_that_is_written_down_and_told(
    tmp_path,
):
    dealer, by = house()
    letter = letters.archived(dealer, "Bitte Bremsen machen")
    why = "Der Auftrag ist von 2026 und nur noch im Archiv."
    made = opened(dealer, by, "Welche Daten haben Sie über mich?", without=why)
    assert made.data["left_out"] == {"messages": 1, "reason": why}
    assert letter not in {row["id"] for row in made.data["tables"]["store.Message"]}
    assert b"Bremsen" not in b"".join(made.files.values())
    text = lettered.words(made.files["auskunft.pdf"], tmp_path)
    for part in ("1 Nachrichten sind nicht enthalten", "§ 34 Abs. 1 Nr. 2 BDSG", why, "Art. 77"):
        assert part in text
    with scope.looking(organisation=dealer.organisation):
        entry = models.AuditEntry.objects.get(verb="privacy.leave_out")
        assert models.Message.objects.filter(id=letter).exists()
    assert (entry.actor, entry.detail) == (f"member:{by}", {"left_out": True})


@pytest.mark.shows("R-28")
def test_nothing_is_left_out_that_is_used_or_without_a_reason():
    dealer, by = house()
    with pytest.raises(privacy.UnableToHandle, match="kept by law alone"):
        opened(dealer, by, "Welche Daten haben Sie über mich?", without="Zu viel Arbeit")
    letter = letters.archived(dealer, "Bitte Bremsen machen")
    made = opened(dealer, by, "Was habt ihr über mich gespeichert?", without=" ")
    assert made.data["left_out"] == {}
    assert letter in {row["id"] for row in made.data["tables"]["store.Message"]}


@pytest.mark.shows("R-33")
def test_what_is_taken_along_is_what_the_person_gave_in_the_published_form(tmp_path):
    dealer, by = house()
    person = erasures.lives(dealer, words="Mein Golf klappert", name="Petra Beispiel")
    letters.archived(dealer, "Bitte Bremsen machen")
    made = opened(dealer, by, "Ich will meine Daten exportieren")
    schema = json.loads(made.files["schema.json"])
    assert schema == exporting.portable_schema()
    assert person_schema.PORTABLE.read_bytes() == person_schema.portable()
    assert set(made.data["tables"]) == set(schema["properties"]["tables"]["properties"])
    assert set(made.data) == set(schema["required"])
    for name, rows in made.data["tables"].items():
        wanted = schema["properties"]["tables"]["properties"][name]["items"]
        for row in rows:
            assert set(row) == set(wanted["required"])
            for field, value in row.items():
                fits(value, wanted["properties"][field], f"{name}.{field}")
    said = {row["text"] for row in json.loads(made.files["messages.json"])}
    assert said == {"Mein Golf klappert", "Ich will meine Daten exportieren"}
    assert "Ihr Wagen ist fertig." not in json.dumps(made.data)
    identities = {row["value_sealed"] for row in made.data["tables"]["store.Identity"]}
    assert f"+{dealers.ALICE}" in identities
    assert made.files["messages.csv"].decode("utf-8-sig").splitlines()[0] == "at;kind;text"
    media = [name for name in made.files if name.startswith("media/")]
    assert [made.files[name] for name in media] == [b"\xff\xd8Petra Beispiel"]
    text = lettered.words(made.files["begleitbrief.pdf"], tmp_path)
    assert "auf Grundlage eines Vertrags oder Ihrer Einwilligung" in text
    with pytest.raises(privacy.UnableToHandle, match="taken along"):
        privacy.leave_out(
            organisation=dealer.organisation,
            package=opened(dealer, by, "meine Daten mitnehmen", make=False).package,
            reason="x",
            by=by,
            at=AT,
        )
    assert person


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A package that was made, unpacked."""

    package: int
    files: dict[str, bytes]

    @property
    def data(self) -> dict[str, Any]:
        return dict(json.loads(self.files["data.json"]))


def house() -> tuple[dealers.Dealer, int]:
    """A dealer, and an owner."""
    dealer = dealers.dealer()
    role = staff.roles.Role.OWNER
    return dealer, staff.member(dealer.organisation, role=role, branches=[dealer.branch])


def opened(
    dealer: dealers.Dealer, by: int, words: str, *, without: str = "", make: bool = True
) -> Opened:
    """What the person who writes these words is handed out."""
    phones.writes(dealer, words, at=AT + timedelta(minutes=9))
    common = {"organisation": dealer.organisation, "by": by, "at": AT + LATER}
    with scope.looking(organisation=dealer.organisation):
        request = models.PersonRequest.objects.latest("id").id
    privacy.review(request=request, is_one=True, **common)
    package = privacy.begin_package(request=request, **common)
    if without:
        privacy.leave_out(package=package, reason=without, **common)
    if not make:
        return Opened(package=package, files={})
    where = {"branch": dealer.branch, "at": AT + 2 * LATER}
    token = privacy.make_package(package=package, **common)
    code = privacy.hand_code(package=package, **common)
    parcel = privacy.fetch(token=token, code=code, **where)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(parcel.pieces)))
    return Opened(package=package, files={name: archive.read(name) for name in archive.namelist()})


def test_letter_is_readable(archive, tmp_path):
    paper = tmp_path / "auskunft.pdf"
    paper.write_bytes(archive.read("auskunft.pdf"))
    text = subprocess.run(
        ["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True
    ).stdout
    for part in ("Auskunft über Ihre Daten", "Petra Beispiel", "491713920001", "Meta Platforms"):
        assert part in text
    assert "Nachbar Bob" not in text


def test_request_is_answered_and_the_fetch_is_on_record(archive, story):
    del archive
    with scope.looking(organisation=story["dealer"].organisation):
        request = models.PersonRequest.objects.get(id=story["request"])
        verbs = set(models.AuditEntry.objects.values_list("verb", flat=True))
    assert (request.state, request.result) == ("answered", {"package": story["package"]})
    assert {"privacy.make_package", "privacy.fetch_package", "privacy.refuse_code"} <= verbs
    with pytest.raises(privacy.UnableToHandle):
        privacy.make_package(package=story["package"], **story["common"])


def test_link_ends_after_its_days_and_after_five_tries():
    dealer = dealers.dealer()
    by = staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])
    phones.writes(dealer, "Welche Daten haben Sie über mich?", at=AT)
    with scope.looking(organisation=dealer.organisation):
        request = models.PersonRequest.objects.get().id
    common = {"organisation": dealer.organisation, "by": by, "at": AT}
    privacy.review(request=request, is_one=True, **common)
    package = privacy.begin_package(request=request, **common)
    token = privacy.make_package(package=package, **common)
    with pytest.raises(privacy.UnableToFetch):
        privacy.check_link(branch=dealer.branch, token=token, at=AT + 14 * DAY)
    for _ in range(5):
        with pytest.raises(privacy.UnableToFetch, match="wrong"):
            privacy.fetch(branch=dealer.branch, token=token, code="000000", at=AT)
    with pytest.raises(privacy.UnableToFetch, match="ended"):
        privacy.send_code(branch=dealer.branch, token=token, at=AT)
    for wrong in ("", "x" * 400):
        with pytest.raises(privacy.UnableToFetch):
            privacy.check_link(branch=dealer.branch, token=wrong, at=AT)
    assert privacy.let_go_packages(organisation=dealer.organisation, at=AT + 13 * DAY) == 0
    assert privacy.let_go_packages(organisation=dealer.organisation, at=AT + 14 * DAY) == 1
