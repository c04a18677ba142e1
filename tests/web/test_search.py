"""The search over HTTP: everything one may see by every field, and nothing to find for others."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import dealers, staff
from werkbote.actions import cases as case_deeds
from werkbote.actions import desk as deeds
from werkbote.actions import search_names as catching_up
from werkbote.domain import cases
from werkbote.store import models, scope

NOW = dealers.NOW
OTHER = "+491713920002"


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def find(browser: Any, **asked: Any) -> str:
    answer = browser.post("/search/", asked, headers={"HX-Request": "true"})
    assert answer.status_code in {200, 422}, answer.status_code
    return str(answer.content.decode())


def places(page: str) -> list[str]:
    return re.findall(r'href="(/inbox/\d+/at/\d+/)', page)


def talks(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'href="/inbox/(\d+)/"', page)]


def person_of(cast: staff.Staff, conversation: int) -> int:
    with scope.looking(organisation=cast.dealer.organisation):
        return models.Conversation.objects.get(id=conversation).person_id


def by_bob(cast: staff.Staff) -> dict[str, Any]:
    return {"organisation": cast.dealer.organisation, "by": cast.bob, "at": NOW}


def furnished(cast: staff.Staff) -> tuple[int, int]:
    """Petra with a vehicle, a case and a label; Jonas with nothing but a photo."""
    petra = staff.wrote(cast.dealer, words="Die Bremsbeläge quietschen")
    jonas = staff.wrote(
        cast.dealer,
        words="Hier das Bild vom Reifen",
        phone=OTHER,
        name="Jonas Meyer",
        kind="image",
        at=NOW - timedelta(days=40),
    )
    vehicle = case_deeds.record_vehicle(
        person=person_of(cast, petra),
        role=cases.Role.HOLDER,
        told=cases.Vehicle(plate="HH-AB 123", make="VW", model="Golf"),
        **by_bob(cast),
    )
    case = case_deeds.open_case(
        branch=cast.dealer.branch,
        person=person_of(cast, petra),
        details=case_deeds.Details(
            kind=cases.Kind.REPAIR_ORDER, title="Vorderachse prüfen", vehicle=vehicle
        ),
        **by_bob(cast),
    )
    case_deeds.file_unfiled(
        conversation=petra, case=case, since=NOW - timedelta(days=1), **by_bob(cast)
    )
    label = deeds.create_label(name="Eilig", colour="red", **by_bob(cast))
    deeds.put_label(conversation=petra, label=label, **by_bob(cast))
    return petra, jonas


@pytest.mark.parametrize(
    ("asked", "whose"),
    [
        ({"line": "bremsbelag"}, "petra"),
        ({"line": "Bremsbelaege quietschen"}, "petra"),
        ({"line": "reifen"}, "jonas"),
        ({"line": "person:Petra"}, "petra"),
        ({"person": "Maier"}, "jonas"),
        ({"number": "0171 392 0001"}, "petra"),
        ({"number": "+49 (171) 3920002"}, "jonas"),
        ({"number": "0002"}, "jonas"),
        ({"plate": "hh ab 123"}, "petra"),
        ({"line": 'kennzeichen:"HH-AB 123" von:1.11.2026'}, "petra"),
        ({"line": "label:eil"}, "petra"),
        ({"line": "vorgang:Vorderachse"}, "petra"),
        ({"kind": "image"}, "jonas"),
        ({"line": "art:Foto"}, "jonas"),
        ({"until": "2026-10-31"}, "jonas"),
        ({"since": "2026-11-01"}, "petra"),
    ],
)
def test_a_message_is_found_by_every_field(cast, asked, whose):
    petra, jonas = furnished(cast)
    found = places(find(staff.signed_in(cast.bob), **asked))
    wanted = {"petra": petra, "jonas": jonas}[whose]
    assert [int(one.split("/")[2]) for one in found] == [wanted]


@pytest.mark.parametrize(
    ("line", "shows"),
    [
        ("Petra", "Petra Beispiel"),
        ("jonas maier", "Jonas Meyer"),
        ("HH-AB 123", "VW Golf"),
        ("hhab123", "VW Golf"),
        ("vorderachse", "Vorderachse prüfen"),
        ("0171 3920002", "Jonas Meyer"),
    ],
)
def test_plain_words_find_people_vehicles_and_cases(cast, line, shows):
    furnished(cast)
    assert shows in find(staff.signed_in(cast.bob), line=line)


def test_a_found_word_is_marked_and_leads_to_its_place(cast):
    petra, _ = furnished(cast)
    for minutes in range(1, 40):
        staff.wrote(cast.dealer, words="später", at=NOW + timedelta(minutes=minutes))
    bob = staff.signed_in(cast.bob)
    page = find(bob, line="bremsbelag")
    assert "<mark>Bremsbeläge</mark>" in page
    place = bob.get(places(page)[0]).content.decode()
    assert "Die Bremsbeläge quietschen" in place
    assert place.count("<article") == 13
    assert bob.get(f"/inbox/{petra}/at/1/").status_code == 404


@pytest.mark.parametrize(
    ("line", "instead"), [("Bresmbelag", "bremsbelag"), ("quietshen", "quietschen")]
)
def test_a_slip_is_forgiven_and_said(cast, line, instead):
    furnished(cast)
    page = find(staff.signed_in(cast.bob), line=line)
    assert f"„<bdi>{instead}</bdi>“" in page
    assert len(places(page)) == 1


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"line": "nirgends"}, "Nichts gefunden"),
        ({"line": "und oder"}, "nicht in jeder Nachricht"),
        ({"line": "von:gestern golf"}, "„<bdi>von:gestern</bdi>“ wurde nicht verstanden"),
        ({"line": "art:quark golf"}, "„<bdi>quark</bdi>“ wurde nicht verstanden"),
        ({"since": "irgendwann"}, "Von"),
        ({"plate": "kein Kennzeichen"}, "Nichts gefunden"),
        ({"number": "abc"}, "Nichts gefunden"),
        ({"label": "999"}, "Etikett"),
        ({"line": "golf", "before": "x"}, "Nichts gefunden"),
        ({"line": "kennzeichen:" + "Ä" * 300}, "Nichts gefunden"),
        ({"person": "🙂"}, "Nichts gefunden"),
    ],
)
def test_what_cannot_be_found_is_said(cast, asked, says):
    furnished(cast)
    page = find(staff.signed_in(cast.bob), **asked)
    assert says in page
    assert places(page) == []


@pytest.mark.shows("S-04")
@pytest.mark.parametrize("who", ["charlie", "eve"])
@pytest.mark.parametrize(
    "asked",
    [
        {"line": "bremsbelag"},
        {"line": "Petra"},
        {"line": "HH-AB 123"},
        {"line": "vorderachse"},
        {"number": "01713920001"},
        {"person": "Petra"},
        {"kind": "text"},
        {"since": "2026-01-01"},
    ],
)
def test_others_find_nothing(cast, who, asked):
    petra, _ = furnished(cast)
    browser = staff.signed_in(getattr(cast, who))
    page = find(browser, **asked)
    assert (places(page), talks(page)) == ([], [])
    for secret in ("Beispiel", "Golf", "Vorderachse", "quietschen"):
        assert secret not in page
    with scope.looking(organisation=cast.dealer.organisation):
        message = models.Message.objects.filter(conversation_id=petra).first()
    assert browser.get(f"/inbox/{petra}/at/{message.id}/").status_code == 404


def test_whose_data_is_restricted_is_not_found(cast):
    petra, _ = furnished(cast)
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Person.objects.filter(id=person_of(cast, petra)).update(restricted_at=NOW)
    bob = staff.signed_in(cast.bob)
    for asked in ({"line": "bremsbelag"}, {"person": "Petra"}, {"since": "2026-11-01"}):
        page = find(bob, **asked)
        assert (places(page), talks(page)) == ([], [])


def test_pages_follow_each_other_without_gap_or_repetition(cast):
    for minute in range(60):
        staff.wrote(cast.dealer, words=f"Reifen {minute}", at=NOW + timedelta(minutes=minute))
    bob = staff.signed_in(cast.bob)
    for asked in ({"line": "reifen"}, {"kind": "text"}):
        seen, before = [], ""
        for _ in range(3):
            page = find(bob, before=before, **asked)
            seen += places(page)
            more = re.search(r'name="before" value="(\d+)"', page)
            before = more[1] if more else ""
        assert (len(seen), len(set(seen)), before) == (60, 60, "")


def test_what_an_older_release_made_becomes_findable(cast):
    furnished(cast)
    with scope.transaction(organisation=cast.dealer.organisation):
        models.NameToken.objects.all().delete()
    bob = staff.signed_in(cast.bob)
    assert talks(find(bob, line="Petra")) == []
    assert catching_up.catch_up(organisation=cast.dealer.organisation) == 3
    assert catching_up.catch_up(organisation=cast.dealer.organisation) == 0
    assert len(talks(find(bob, line="Petra"))) == 1
    assert "Vorderachse" in find(bob, line="vorderachse")


@pytest.mark.shows("S-09")
def test_what_is_looked_for_stands_in_no_address(cast):
    furnished(cast)
    page = find(staff.signed_in(cast.bob), line="Petra")
    addresses = " ".join(re.findall(r'(?:href|action|hx-get|hx-post)="([^"]*)"', page))
    assert "etra" not in addresses


def test_three_results_ask_no_more_than_one(cast):
    bob, counts = staff.signed_in(cast.bob), []
    for number in range(3):
        staff.wrote(cast.dealer, words="Reifen", phone=f"+49171392000{number}", name="Petra A")
        find(bob, line="reifen")
        for asked in ({"line": "reifen"}, {"person": "Petra"}):
            with CaptureQueriesContext(connection) as queries:
                find(bob, **asked)
            counts.append((number, tuple(asked), len(queries)))
    first = {fields: count for number, fields, count in counts if not number}
    assert {fields: count for number, fields, count in counts if number == 2} == first
