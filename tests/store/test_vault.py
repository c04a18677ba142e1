"""Keys open exactly what they sealed, exactly where they sealed it."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.store import vault

KEY = vault.new_key()
PLACE = {"table": "message", "row": 7, "column": "body"}


def keys(organisation: int = 1) -> vault.OrganisationKeys:
    return vault.OrganisationKeys(
        organisation=organisation, main=vault.new_key(), index=vault.new_key().secret
    )


@given(st.binary(max_size=4096), st.integers(0, 2**63 - 1))
def test_what_was_sealed_opens_at_its_place(plain: bytes, row: int) -> None:
    sealed = KEY.seal(plain, table="message", row=row, column="body")
    assert KEY.open(sealed, table="message", row=row, column="body") == plain


@given(st.text())
def test_any_text_opens_as_it_was_written_or_with_what_no_screen_shows_replaced(text: str) -> None:
    sealed = KEY.seal_text(text, **PLACE)
    assert KEY.open_text(sealed, **PLACE) == text.encode("utf-8", "replace").decode()


def test_an_absent_text_is_empty() -> None:
    assert KEY.open_text(None, **PLACE) == ""


@pytest.mark.parametrize(
    "place",
    [
        {"table": "media", "row": 7, "column": "body"},
        {"table": "message", "row": 8, "column": "body"},
        {"table": "message", "row": 7, "column": "text"},
    ],
)
def test_nothing_opens_at_another_place(place: dict[str, str | int]) -> None:
    sealed = KEY.seal(b"Guten Tag", **PLACE)
    with pytest.raises(vault.UnableToOpen):
        KEY.open(sealed, **place)


def test_nothing_opens_with_another_key() -> None:
    sealed = KEY.seal(b"plain", **PLACE)
    with pytest.raises(vault.UnableToOpen):
        vault.new_key().open(sealed, **PLACE)


@given(st.binary(max_size=200), st.data())
def test_no_tampered_or_cut_ciphertext_opens(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(KEY.seal(plain, **PLACE))
    position = data.draw(st.integers(1, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(vault.UnableToOpen):
        KEY.open(bytes(sealed), **PLACE)
    with pytest.raises(vault.UnableToOpen):
        KEY.open(bytes(sealed[:position]), **PLACE)


@given(st.binary(min_size=12, max_size=200))
def test_ciphertext_neither_repeats_nor_shows_its_plaintext(plain: bytes) -> None:
    first, second = KEY.seal(plain, **PLACE), KEY.seal(plain, **PLACE)
    assert first != second
    assert plain not in first


def test_a_message_of_the_error_names_the_place_and_never_the_content() -> None:
    with pytest.raises(vault.UnableToOpen, match=r"^The body of message 7 does not open") as caught:
        vault.new_key().open(KEY.seal(b"secret words", **PLACE), **PLACE)
    assert caught.value.__context__ is None


def test_keys_do_not_show_themselves() -> None:
    organisation = keys()
    shown = repr(KEY) + repr(organisation)
    for secret in (KEY.secret, organisation.main.secret, organisation.index):
        assert repr(secret) not in shown
        assert secret.hex() not in shown


def test_a_persons_key_opens_for_that_person_alone() -> None:
    organisation = keys()
    wrapped = organisation.wrap(KEY, person=5)
    assert organisation.unwrap(wrapped, person=5) == KEY
    with pytest.raises(vault.UnableToOpen):
        organisation.unwrap(wrapped, person=6)
    with pytest.raises(vault.UnableToOpen):
        keys().unwrap(wrapped, person=5)


@given(st.text(), st.text())
def test_fingerprints_and_tokens_are_the_same_only_for_the_same(one: str, other: str) -> None:
    organisation = keys()
    same = one == other
    assert (
        organisation.fingerprint("phone", one) == organisation.fingerprint("phone", other)
    ) is same
    assert (organisation.token(one) == organisation.token(other)) is same
    assert -(2**63) <= organisation.token(one) < 2**63


def test_hashes_differ_by_organisation_scheme_and_purpose() -> None:
    one, other = keys(), keys()
    assert one.fingerprint("phone", "1") != other.fingerprint("phone", "1")
    assert one.fingerprint("phone", "1") != one.fingerprint("bsuid", "1")
    assert one.token("bremse") != other.token("bremse")
    assert one.digest("a", b"1") != one.digest("b", b"1")


def test_a_key_file_is_made_private_loaded_again_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "keys.json"
    made = vault.create(path, name="first")
    assert path.stat().st_mode & 0o777 == 0o600
    assert vault.load(path) == made
    with pytest.raises(vault.UnableToLoadKeys, match="exists already"):
        vault.create(path, name="second")
    assert vault.load(path) == made


def test_a_key_file_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    vault.create(path, name="first")
    path.chmod(0o640)
    with pytest.raises(vault.UnableToLoadKeys, match="chmod 600"):
        vault.load(path)


def test_a_missing_key_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(vault.UnableToLoadKeys, match="werkbote init"):
        vault.load(tmp_path / "nothing.json")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        json.dumps({"active": "a", "keys": {}, "lookup": base64.b64encode(bytes(32)).decode()}),
        json.dumps({"active": "a", "keys": {"a": "c2hvcnQ="}, "lookup": "c2hvcnQ="}),
    ],
)
def test_what_is_no_key_file_is_refused(text: str) -> None:
    with pytest.raises(vault.UnableToLoadKeys, match="not one of ours"):
        vault.parse(text)


def test_data_sealed_with_an_unknown_installation_key_names_it(tmp_path: Path) -> None:
    made = vault.create(tmp_path / "keys.json", name="first")
    wrapped = made.wrap(KEY.secret, organisation=1, column="key_wrapped")
    assert made.unwrap(wrapped, organisation=1, column="key_wrapped", name="first") == KEY.secret
    with pytest.raises(vault.UnableToOpen, match="“second”"):
        made.unwrap(wrapped, organisation=1, column="key_wrapped", name="second")


def test_an_address_is_found_without_regard_to_case_and_spaces(tmp_path: Path) -> None:
    made = vault.create(tmp_path / "keys.json", name="first")
    assert made.email_hash(" Alice@Example.DE ") == made.email_hash("alice@example.de")
    assert made.email_hash("alice@example.de") != made.email_hash("bob@example.de")
