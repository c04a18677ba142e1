"""A person's package: complete by the table of fields, third parties hidden, delivered once by link and code."""

import csv
import hashlib
import io
import json
import subprocess
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from tests import dealers, erasures, phones, staff
from werkbote.actions import privacy
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
