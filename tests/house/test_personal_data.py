"""The table of personal fields names every field there is, and nothing that is not."""

from datetime import date

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from werkbote.domain import privacy
from werkbote.store import erasing, exporting, personal_data, rechtsstand
from werkbote.web import privacy_labels

MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
LISTED = {table.model: table for table in personal_data.TABLES}
EVERY_TABLE = pytest.mark.parametrize("label", sorted(LISTED.keys() & MODELS.keys()))
SEALED = {
    personal_data.Protection.PERSON_KEY,
    personal_data.Protection.VEHICLE_KEY,
    personal_data.Protection.ORGANISATION_KEY,
    personal_data.Protection.INSTALLATION_KEY,
}


def own_fields(label: str) -> dict[str, models.Field]:
    return {field.name: field for field in MODELS[label]._meta.concrete_fields}


def target(label: str, lookup: str) -> str:
    """Return the label of the model a lookup leads to."""
    model = MODELS[label]
    for step in lookup.split("__"):
        field = model._meta.get_field(step)
        model = field.related_model or model
    return model._meta.label


def test_every_model_is_listed_once() -> None:
    assert sorted(table.model for table in personal_data.TABLES) == sorted(MODELS)


@EVERY_TABLE
@pytest.mark.shows("R-01", "S-08")
def test_every_field_is_listed_once(label: str) -> None:
    listed = [field.name for field in LISTED[label].fields]
    assert sorted(listed) == sorted(own_fields(label))


@EVERY_TABLE
def test_what_is_personal_and_plain_says_why(label: str) -> None:
    human = {personal_data.Whose.PERSON, personal_data.Whose.MEMBER}
    silent = [
        field.name
        for field in LISTED[label].fields
        if field.whose in human
        and field.protection is personal_data.Protection.PLAIN
        and not field.why
    ]
    assert silent == []


@EVERY_TABLE
@pytest.mark.shows("R-01", "S-20")
def test_names_contacts_and_contents_of_people_are_never_plain(label: str) -> None:
    telling = {
        personal_data.Kind.NAME,
        personal_data.Kind.CONTACT,
        personal_data.Kind.CONTENT,
    }
    plain = [
        field.name
        for field in LISTED[label].fields
        if field.kind in telling and field.protection is personal_data.Protection.PLAIN
    ]
    assert plain == (["sha256"] if label == "store.Media" else [])


@EVERY_TABLE
def test_what_is_sealed_is_stored_as_bytes_and_what_is_bytes_is_protected(label: str) -> None:
    fields = own_fields(label)
    sealed = {field.name for field in LISTED[label].fields if field.protection in SEALED}
    assert {name for name in sealed if fields[name].get_internal_type() != "BinaryField"} == set()
    named = {name for name in fields if name.endswith(("_sealed", "_wrapped"))}
    assert named - sealed == set()


@EVERY_TABLE
def test_the_lookups_lead_to_whom_a_row_is_about(label: str) -> None:
    table = LISTED[label]
    found = {
        "person": target(label, table.person) if table.person else "",
        "member": target(label, table.member) if table.member else "",
    }
    assert found == {
        "person": "store.Person" if table.person else "",
        "member": "store.Member" if table.member else "",
    }


@EVERY_TABLE
def test_what_ends_with_the_person_is_found_for_the_person_and_deleted_by_the_database_or_django(
    label: str,
) -> None:
    table = LISTED[label]
    ends = table.ended is personal_data.Ended.WITH_PERSON
    assert bool(table.person) == (ends or table.ended is personal_data.Ended.WITH_LAST_PERSON)
    model = MODELS[label]
    for step in table.person.split("__") if ends and table.person != "id" else []:
        field = model._meta.get_field(step)
        assert field.remote_field.on_delete is models.CASCADE
        model = field.related_model


@EVERY_TABLE
@pytest.mark.shows("R-06")
def test_every_table_says_why_it_is_there_and_how_long(label: str) -> None:
    table = LISTED[label]
    assert "" not in {table.purpose, table.kept, table.corrected}


def test_what_is_about_a_person_but_not_found_by_person_goes_by_age_or_is_a_hash() -> None:
    stray = {
        table.model
        for table in personal_data.TABLES
        if not table.person
        and table.ended is not personal_data.Ended.BY_AGE
        and any(
            field.whose is personal_data.Whose.PERSON
            and field.kind is not personal_data.Kind.STATE
            and field.protection is not personal_data.Protection.KEYED_HASH
            for field in table.fields
        )
    }
    assert stray == set()


@EVERY_TABLE
def test_what_points_to_a_row_that_ends_with_a_person_ends_too_or_lets_go(label: str) -> None:
    ends = {
        table.model
        for table in personal_data.TABLES
        if table.ended is personal_data.Ended.WITH_PERSON
    }
    holding = {
        name
        for name, field in own_fields(label).items()
        if field.related_model is not None
        and field.related_model._meta.label in ends
        and field.remote_field.on_delete is not models.SET_NULL
        and label not in ends
    }
    assert holding == set()


def test_every_table_that_ends_with_a_person_is_a_stage_of_the_eraser_children_first() -> None:
    stages = erasing.stages()
    assert sorted(stages) == sorted(
        table.model
        for table in personal_data.TABLES
        if table.ended is personal_data.Ended.WITH_PERSON and table.model != "store.SearchToken"
    )
    early = [
        (label, field.related_model._meta.label)
        for position, label in enumerate(stages)
        for field in own_fields(label).values()
        if field.related_model is not None and field.related_model._meta.label in stages[:position]
    ]
    assert early == []


def test_files_lie_in_the_database_alone_so_that_no_folder_is_forgotten() -> None:
    assert settings.MEDIA_ROOT == ""
    outside = [
        label
        for label in MODELS
        for field in own_fields(label).values()
        if hasattr(field, "storage")
    ]
    assert outside == []


@EVERY_TABLE
def test_what_is_searched_is_sealed_with_the_organisations_key_and_what_outlives_is_a_number(
    label: str,
) -> None:
    table = LISTED[label]
    protections = {field.name: field.protection for field in table.fields}
    if table.searched:
        assert protections[table.searched] is personal_data.Protection.ORGANISATION_KEY
    if table.subject:
        assert own_fields(label)[table.subject].get_internal_type() == "BigIntegerField"


def test_classes_named_by_tables_are_classes_of_the_law() -> None:
    rules = rechtsstand.retention(date(2026, 11, 23)).rules
    assert {table.rule for table in personal_data.TABLES if table.rule} - rules.keys() == set()
    assert sorted(rules) == [f"L-{number:02}" for number in range(1, 30)]


def test_every_text_of_the_house_is_named_by_the_protocol_of_an_erasure() -> None:
    written = {
        MODELS[table.model]._meta.db_table
        for table in personal_data.TABLES
        for field in table.fields
        if field.whose is personal_data.Whose.ORGANISATION
        and field.kind in {personal_data.Kind.CONTENT, personal_data.Kind.NAME}
    }
    names = {"account_news", "branch", "organisation", "team", "token"}
    sent_to_many = {"newsletter_issue", "template"}
    assert (written - names) | sent_to_many == set(privacy.HOUSE_TEXTS)


def test_whatever_is_erased_or_handed_out_has_a_name_in_the_letters_and_on_the_screens() -> None:
    letters = rechtsstand.shipped("access", day=date(2026, 11, 26))["stores"]
    erased = {*erasing.stages(), *(label for label, _ in erasing.searched())}
    exported = {table.model for table in exporting.tables()}
    assert sorted((erased | exported) - letters.keys()) == []
    assert sorted(erased - privacy_labels.STORES.keys()) == []
