"""Founding an organisation, and letting its members in."""

from datetime import timedelta

import pytest
from django.contrib.auth import hashers

from tests import dealers, staff
from werkbote.actions import team
from werkbote.domain import team as roles
from werkbote.store import ids, models, scope

NOW = dealers.NOW


def _sign_in(member: int, password: str = staff.PASSWORD, **more):
    return team.sign_in(
        email=more.pop("email", staff.email(member)),
        password=password,
        address=more.pop("address", "192.0.2.1"),
        at=more.pop("at", NOW),
    )


@pytest.fixture
def member() -> int:
    here = dealers.dealer()
    return staff.member(here.organisation, role=roles.Role.AGENT, branches=[here.branch])


def test_sign_in_with_the_right_password(member):
    assert _sign_in(member).member == member


def test_sign_in_does_not_mind_case_and_spaces_of_the_address(member):
    assert _sign_in(member, email=f"  {staff.email(member).upper()} ").member == member


@pytest.mark.parametrize("password", ["", "hebebuehne-im-hoF", staff.PASSWORD + " "])
def test_sign_in_with_a_wrong_password(member, password):
    with pytest.raises(team.UnableToSignIn):
        _sign_in(member, password)


@pytest.mark.shows("S-03")
def test_sign_in_of_an_unknown_account_says_the_same_as_a_wrong_password(member):
    with pytest.raises(team.UnableToSignIn) as wrong:
        _sign_in(member, "wrong")
    with pytest.raises(team.UnableToSignIn) as unknown:
        _sign_in(member, email=f"{ids.new()}@autohaus.example")
    assert str(unknown.value) == str(wrong.value)


def test_sign_in_of_an_inactive_member(member):
    with scope.transaction(organisation=_organisation(member)):
        models.Member.objects.filter(id=member).update(is_active=False)
    with pytest.raises(team.UnableToSignIn):
        _sign_in(member)


@pytest.mark.shows("S-03")
def test_guessing_from_one_address_must_wait_there_and_only_there(member):
    for _ in range(5):
        with pytest.raises(team.UnableToSignIn):
            _sign_in(member, "guess", address="198.51.100.7")
    with pytest.raises(team.UnableToSignInYet):
        _sign_in(member, address="198.51.100.7")
    assert _sign_in(member, address="198.51.100.8").member == member


def test_waiting_ends_by_itself(member):
    for _ in range(5):
        with pytest.raises(team.UnableToSignIn):
            _sign_in(member, "guess", address="198.51.100.9")
    later = NOW + timedelta(minutes=15)
    assert _sign_in(member, address="198.51.100.9", at=later).member == member


@pytest.mark.shows("S-03")
def test_guessing_from_everywhere_makes_strangers_wait_but_not_the_member(member):
    assert _sign_in(member, address="192.0.2.77").member == member
    with scope.transaction(organisation=_organisation(member)):
        models.Member.objects.filter(id=member).update(failed_logins=80)
    with pytest.raises(team.UnableToSignIn):
        _sign_in(member, "guess", address="203.0.113.1")
    with pytest.raises(team.UnableToSignInYet):
        _sign_in(member, address="203.0.113.2")
    assert _sign_in(member, address="192.0.2.77").member == member


@pytest.mark.shows("S-03")
def test_no_lock_of_a_whole_account_lasts_longer_than_half_a_minute(member):
    with scope.transaction(organisation=_organisation(member)):
        models.Member.objects.filter(id=member).update(failed_logins=30_000)
    with pytest.raises(team.UnableToSignIn):
        _sign_in(member, "guess", address="203.0.113.3")
    later = NOW + timedelta(seconds=30)
    assert _sign_in(member, address="203.0.113.4", at=later).member == member


def test_addresses_of_one_ipv6_home_count_as_one(member):
    for last in range(5):
        with pytest.raises(team.UnableToSignIn):
            _sign_in(member, "guess", address=f"2001:db8:1:2::{last}")
    with pytest.raises(team.UnableToSignInYet):
        _sign_in(member, address="2001:db8:1:2:ffff::1")


def test_an_old_password_hash_is_renewed_at_sign_in(member):
    old = hashers.make_password(staff.PASSWORD, hasher="pbkdf2_sha256")
    with scope.transaction(organisation=_organisation(member)):
        models.Member.objects.filter(id=member).update(password=old)
    _sign_in(member)
    with scope.looking(organisation=_organisation(member)):
        assert models.Member.objects.get(id=member).password.startswith("argon2")


def test_a_new_password_changes_the_stamp(member):
    before = _sign_in(member).stamp
    after = team.change_password(
        organisation=_organisation(member),
        present=staff.PASSWORD,
        new="reifenlager-im-keller",
        by=member,
        at=NOW,
    )
    assert after != before
    assert _sign_in(member, "reifenlager-im-keller").stamp == after


@pytest.mark.parametrize(
    ("present", "new"), [("wrong", "reifenlager-im-keller"), (staff.PASSWORD, "kurz")]
)
def test_a_password_is_not_changed(member, present, new):
    with pytest.raises(team.UnableToChangePassword):
        team.change_password(
            organisation=_organisation(member), present=present, new=new, by=member, at=NOW
        )
    assert _sign_in(member).member == member


def test_an_address_belongs_to_one_member_everywhere(member):
    elsewhere = dealers.dealer()
    with pytest.raises(team.UnableToCreate):
        team.create_member(
            organisation=elsewhere.organisation,
            email=staff.email(member),
            name="Zweit",
            password=staff.PASSWORD,
            role=roles.Role.AGENT,
            language="de",
            branches=[],
            by="system",
            at=NOW,
        )


def test_deeds_of_the_team_stand_in_the_audit_chain(member):
    organisation = _organisation(member)
    entry = team.enter(organisation=organisation, device="", strong=False, by=member, at=NOW)
    team.sign_out(organisation=organisation, entry=entry, by=member, at=NOW)
    with scope.looking(organisation=organisation):
        verbs = list(
            models.AuditEntry.objects.filter(actor=f"member:{member}")
            .order_by("position")
            .values_list("verb", flat=True)
        )
    assert verbs == ["team.acknowledge_policy", "team.sign_in", "team.sign_out"]


def _organisation(member: int) -> int:
    with scope.being(member=member):
        return models.Member.objects.get(id=member).organisation_id
