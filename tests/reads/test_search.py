"""Who finds which messages by which words."""

import dataclasses
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from werkbote.actions import inbox, numbers, team
from werkbote.domain import events
from werkbote.domain import search as words
from werkbote.domain import team as roles
from werkbote.reads import access, search
from werkbote.store import keyring, models, scope
from werkbote.store import search as index

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RUDI = events.Party(phone="+491713920077", name="Rudi Beispiel")
PETRA = events.Party(phone="+4915228817386", name="Petra Beispiel")


def number(organisation: int, branch: int) -> str:
    made = secrets.token_hex(8)
    numbers.connect(
        organisation=organisation,
        branch=branch,
        number=numbers.Connection(
            phone_number_id=made,
            account_id="account",
            phone="+493023125100",
            label="Werkstatt",
            token="token",
            app_secret="secret",
            verify_token="verify",
        ),
        by="system",
        at=AT,
    )
    return made


def branch(organisation: int) -> int:
    return team.create_branch(
        organisation=organisation,
        name="Werkstatt",
        legal_entity="Beispiel GmbH",
        state_code="BE",
        by="system",
        at=AT,
    )


def write(organisation: int, to: str, texts: Sequence[str], *, party: events.Party = PETRA) -> None:
    arrived = [
        events.MessageIn(
            number=to,
            provider_id=secrets.token_hex(12),
            party=party,
            at=AT + timedelta(seconds=index),
            kind=events.Kind.TEXT,
            text=text,
        )
        for index, text in enumerate(texts)
    ]
    for one in arrived:
        with scope.transaction(organisation=organisation):
            own = {row.phone_number_id: row for row in models.Number.objects.all()}
            batch = inbox.Batch(keys=keyring.organisation(organisation), numbers=own, at=AT)
            inbox.store_messages(batch, [(one, AT)])


def viewer(organisation: int, *branches: int) -> access.Viewer:
    return access.Viewer(
        member=1,
        organisation=organisation,
        name="Alice",
        role=roles.Role.AGENT,
        language="de",
        branches=frozenset(branches),
    )


@pytest.fixture
def alice() -> access.Viewer:
    organisation = team.create_organisation(name="Autohaus Beispiel", at=AT)
    place = branch(organisation)
    write(
        organisation,
        number(organisation, place),
        [
            "Die Bremsen quietschen",
            "Bremsbeläge für den KA-AB 123",
            "Ist mein Wagen fertig?",
            "Die Bremse am Wagen quietscht wieder",
        ],
    )
    return viewer(organisation, place)


def found(who: access.Viewer, words: str) -> list[str]:
    return [one.text for one in search.messages(viewer=who, words=words)]


def test_messages_are_found_by_a_word_newest_first(alice: access.Viewer) -> None:
    assert found(alice, "bremsen") == [
        "Die Bremse am Wagen quietscht wieder",
        "Die Bremsen quietschen",
    ]


def test_all_words_must_occur(alice: access.Viewer) -> None:
    assert found(alice, "wagen bremse") == ["Die Bremse am Wagen quietscht wieder"]
    assert found(alice, "wagen reifen") == []


def test_a_plate_finds_its_message(alice: access.Viewer) -> None:
    assert found(alice, "kaab123") == ["Bremsbeläge für den KA-AB 123"]


def test_pages_go_on_where_the_last_one_ended(alice: access.Viewer) -> None:
    first = search.messages(viewer=alice, words="bremse", limit=1)
    second = search.messages(viewer=alice, words="bremse", limit=1, before=first[-1].id)
    third = search.messages(viewer=alice, words="bremse", limit=1, before=second[-1].id)
    assert [one.text for one in (*first, *second, *third)] == [
        "Die Bremse am Wagen quietscht wieder",
        "Die Bremsen quietschen",
    ]


def test_bob_of_another_branch_finds_his_own_and_shared_messages_alone(
    alice: access.Viewer,
) -> None:
    place = branch(alice.organisation)
    write(alice.organisation, number(alice.organisation, place), ["Bremsen auch hier"])
    assert found(viewer(alice.organisation, place), "bremsen") == ["Bremsen auch hier"]
    both = viewer(alice.organisation, place, *alice.branches)
    assert found(both, "bremsen")[0] == "Bremsen auch hier"
    assert len(found(both, "bremsen")) == 3


def test_charlie_finds_nothing_without_a_branch_in_another_organisation_or_as_an_auditor(
    alice: access.Viewer,
) -> None:
    assert found(viewer(alice.organisation), "bremsen") == []
    other = team.create_organisation(name="Autohaus Fremd", at=AT)
    assert found(viewer(other, *alice.branches), "bremsen") == []
    auditor = dataclasses.replace(alice, role=roles.Role.AUDITOR)
    with pytest.raises(access.UnableToSee):
        search.messages(viewer=auditor, words="bremsen")


@pytest.mark.parametrize("words", ["", "  ", "und die", "?!"])
def test_words_that_say_nothing_are_refused_with_the_remedy(
    alice: access.Viewer, words: str
) -> None:
    with pytest.raises(search.UnableToSearch, match="Type a word"):
        search.messages(viewer=alice, words=words)


def test_an_erased_person_is_not_found_any_more(alice: access.Viewer) -> None:
    with scope.transaction(organisation=alice.organisation):
        models.Person.objects.all().delete()
        assert not models.SearchToken.objects.exists()
    assert found(alice, "bremsen") == []


def test_whose_data_is_restricted_is_not_found_and_takes_nobody_elses_place(
    alice: access.Viewer,
) -> None:
    to = number(alice.organisation, *alice.branches)
    write(alice.organisation, to, ["Bremsen, bitte"], party=RUDI)
    assert found(alice, "bremsen")[0] == "Bremsen, bitte"
    with scope.transaction(organisation=alice.organisation):
        resting = models.Person.objects.filter(conversations__number__phone_number_id=to)
        assert resting.update(restricted_at=AT) == 1
    only = search.messages(viewer=alice, words="bremsen", limit=1)
    assert [one.text for one in only] == ["Die Bremse am Wagen quietscht wieder"]


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_words_that_meet_rarely_are_found_page_by_page_at_every_number(limit: int) -> None:
    organisation = team.create_organisation(name="Autohaus Beispiel", at=AT)
    place = branch(organisation)
    texts = [f"Bremse {'Kupplung' * (index % 50 == 0)}" for index in range(120)]
    texts += [f"Kupplung {'Bremse' * (index % 45 == 0)}" for index in range(120)]
    for to in (number(organisation, place), number(organisation, place)):
        write(organisation, to, texts)
    who = viewer(organisation, place)
    pages: list[int] = []
    while page := search.messages(
        viewer=who, words="kupplung bremse", limit=limit, before=pages[-1] if pages else None
    ):
        pages += [one.id for one in page]
    with scope.looking(organisation=organisation):
        both = [
            one.message_id
            for one in models.SearchToken.objects.order_by("-message_id")
            if one.token in _tokens(organisation, "kupplung")
        ]
        other = {
            one.message_id
            for one in models.SearchToken.objects.all()
            if one.token in _tokens(organisation, "bremse")
        }
    assert pages == [one for one in both if one in other]
    assert len(pages) == 12


def _tokens(organisation: int, word: str) -> set[int]:
    keys = keyring.organisation(organisation)
    (stem,) = words.wanted(word)
    return {
        index.token(keys=keys, number=one, stem=stem)
        for one in models.Number.objects.values_list("id", flat=True)
    }
