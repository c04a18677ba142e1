"""What a message says beside its text, whatever the JSON of its kind holds."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from werkbote.domain import events
from werkbote.reads.inbox import contents

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_NAMES = st.sampled_from(
    [
        *("name", "address", "latitude", "contacts", "phones", "product_items", "nfm_reply"),
        *("response_json", "action", "buttons", "sections", "rows", "errors", "header", "org"),
    ]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(list(events.Kind)),
    st.dictionaries(_NAMES, _JSON | st.dictionaries(_NAMES, _JSON)),
)
def test_no_json_of_any_kind_is_too_strange(kind, content):
    assert isinstance(contents.of(kind, content), contents.Content)


def test_a_place_has_name_address_and_degrees():
    found = contents.of("location", {"name": "Hof", "latitude": 53.55, "longitude": "9.99"})
    assert found.place == contents.Place(name="Hof", latitude=53.55, longitude=9.99)


def test_degrees_that_are_none_are_absent():
    found = contents.of("location", {"latitude": 91, "longitude": "nan"})
    assert (found.place.latitude, found.place.longitude) == (None, None)


def test_a_card_shows_company_and_numbers():
    card = {
        "name": {"first_name": "Karl", "last_name": "Muster"},
        "org": {"company": "Abschleppdienst"},
        "phones": [{"phone": "+49 152 54599371"}, "strange"],
        "emails": [{"email": "karl@example.org"}],
    }
    assert contents.of("contacts", {"contacts": [card]}).cards == (
        contents.Card(
            name="Karl Muster",
            lines=("Abschleppdienst", "+49 152 54599371", "karl@example.org"),
            phones=("+49 152 54599371",),
        ),
    )


def test_an_order_shows_its_lines():
    item = {"product_retailer_id": "REIFEN", "quantity": 4, "item_price": 89.9, "currency": "EUR"}
    assert contents.of("order", {"product_items": [item]}).items == (
        contents.Item(code="REIFEN", quantity="4", price="89.9 EUR"),
    )


def test_a_filled_in_form_shows_its_answers_without_its_token():
    answer = {"nfm_reply": {"response_json": '{"km_stand": "84200", "flow_token": "x"}'}}
    assert contents.of("interactive", answer).fields == (
        contents.Field(name="km stand", value="84200"),
    )


def test_our_own_buttons_are_shown():
    assert contents.of("interactive", {"buttons": [{"id": "a", "title": "Ja"}]}).buttons == ("Ja",)


def test_what_is_unsupported_names_type_and_code():
    found = contents.of("unsupported", {"type": "poll", "errors": [{"code": 131051}]})
    assert (found.note, found.problem) == ("poll", 131051)
