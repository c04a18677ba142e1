"""Second factors and invitations: each code once, nobody is locked out for ever, leaving is at once."""

from datetime import timedelta

import pyotp
import pytest

from tests import dealers, staff
from werkbote.actions import team
from werkbote.domain import team as roles
from werkbote.reads import access
from werkbote.store import models, scope

NOW = dealers.NOW


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _app(cast: staff.Staff, member: int) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    here = {"organisation": cast.dealer.organisation, "by": member, "at": NOW}
    app = pyotp.TOTP(team.begin_app(**here).secret)
    return app, team.confirm_app(code=app.at(NOW), **here)


def _check(cast: staff.Staff, code: str, *, at=NOW) -> None:
    team.check_code(organisation=cast.dealer.organisation, code=code, by=cast.bob, at=at)


@pytest.mark.shows("S-01")
def test_a_confirmed_app_is_asked_for_after_the_password(cast):
    _app(cast, cast.bob)
    found = team.sign_in(
        email=staff.email(cast.bob), password=staff.PASSWORD, address="192.0.2.1", at=NOW
    )
    assert found.factors == {"totp"}


def test_an_app_that_was_never_confirmed_is_not_asked_for(cast):
    team.begin_app(organisation=cast.dealer.organisation, by=cast.bob, at=NOW)
    found = team.sign_in(
        email=staff.email(cast.bob), password=staff.PASSWORD, address="192.0.2.1", at=NOW
    )
    assert found.factors == frozenset()


def test_a_code_counts_once_and_for_a_minute(cast):
    app, _ = _app(cast, cast.bob)
    later = NOW + timedelta(seconds=60)
    with pytest.raises(team.UnableToConfirm):
        _check(cast, app.at(NOW), at=NOW)
    _check(cast, app.at(later), at=later)
    with pytest.raises(team.UnableToConfirm):
        _check(cast, app.at(later), at=later)
    with pytest.raises(team.UnableToConfirm):
        _check(cast, app.at(later + timedelta(minutes=5)), at=later)


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "1" * 40, "٠١٢٣٤٥", "12 34"])
def test_wrong_codes_are_refused(cast, code):
    _app(cast, cast.bob)
    with pytest.raises(team.UnableToConfirm):
        _check(cast, code)


def test_a_recovery_code_counts_once_however_it_is_written(cast):
    _, codes = _app(cast, cast.bob)
    assert len(set(codes)) == 10
    _check(cast, f" {codes[0].upper()} ")
    with pytest.raises(team.UnableToConfirm):
        _check(cast, codes[0])
    _check(cast, codes[1].replace("-", ""))


def test_a_recovery_code_of_somebody_else_is_worth_nothing(cast):
    _, codes = _app(cast, cast.alice)
    _app(cast, cast.bob)
    with pytest.raises(team.UnableToConfirm):
        _check(cast, codes[0])


def test_new_recovery_codes_end_the_old_ones(cast):
    _, codes = _app(cast, cast.bob)
    fresh = team.fresh_codes(organisation=cast.dealer.organisation, by=cast.bob, at=NOW)
    with pytest.raises(team.UnableToConfirm):
        _check(cast, codes[0])
    _check(cast, fresh[0])


def test_guessing_codes_must_wait_and_may_go_on_later(cast):
    app, _ = _app(cast, cast.bob)
    for _ in range(5):
        with pytest.raises(team.UnableToConfirm):
            _check(cast, "000000")
    with pytest.raises(team.UnableToConfirm):
        _check(cast, app.at(NOW + timedelta(seconds=30)))
    later = NOW + timedelta(minutes=20)
    _check(cast, app.at(later), at=later)


def test_secrets_of_factors_are_sealed(cast, owner):
    app, codes = _app(cast, cast.bob)
    rows = owner.execute("SELECT secret_sealed FROM factor").fetchall()
    rows += owner.execute("SELECT digest FROM recovery_code").fetchall()
    kept = b"".join(bytes(row[0]) for row in rows)
    assert app.secret.encode() not in kept
    assert not any(code.encode() in kept for code in codes)


def _invite(cast: staff.Staff, **changed) -> str:
    return team.invite(
        **{
            "organisation": cast.dealer.organisation,
            "email": f"neu{cast.bob}@autohaus.example",
            "role": roles.Role.AGENT,
            "branches": [cast.dealer.branch],
            "by": cast.alice,
            "at": NOW,
        }
        | changed
    )


def _accept(token: str, *, at=NOW, password: str = staff.PASSWORD) -> int:
    return team.accept(token=token, name="Nora Neu", password=password, language="de", at=at)


def test_an_invitation_makes_one_member_with_role_and_branches(cast):
    token = _invite(cast)
    viewer = staff.viewer(_accept(token))
    assert (viewer.role, viewer.branches) == (roles.Role.AGENT, {cast.dealer.branch})
    with pytest.raises(team.UnableToInvite):
        _accept(token)


def test_a_weak_password_does_not_use_up_the_invitation(cast):
    token = _invite(cast)
    with pytest.raises(team.UnableToCreate):
        _accept(token, password="kurz")
    assert _accept(token)


@pytest.mark.parametrize("change", ["late", "withdrawn", "forged", "garbage"])
def test_an_invitation_that_is_over_makes_nobody(cast, change):
    token, at = _invite(cast), NOW
    if change == "late":
        at = NOW + timedelta(days=8)
    elif change == "withdrawn":
        found = team.invited(token=token, at=NOW)
        assert team.withdraw_invitation(
            organisation=found.organisation, invitation=found.invitation, by=cast.alice, at=NOW
        )
    else:
        token = token[:-2] if change == "forged" else "x"
    with pytest.raises(team.UnableToInvite):
        _accept(token, at=at)


def test_nobody_is_invited_to_another_organisations_branch(cast):
    stranger = staff.viewer(cast.eve)
    with pytest.raises(team.UnableToInvite):
        _invite(cast, branches=list(stranger.branches))


@pytest.mark.shows("S-07")
def test_leaving_ends_all_sessions_at_once(cast):
    browser = staff.signed_in(cast.bob)
    assert browser.get("/inbox/").status_code == 200
    team.let_go(organisation=cast.dealer.organisation, member=cast.bob, by=cast.alice, at=NOW)
    assert browser.get("/inbox/").status_code == 302
    with pytest.raises(access.UnableToSee):
        access.viewer(cast.bob)


@pytest.mark.shows("S-07")
def test_another_role_holds_at_once(cast):
    browser = staff.signed_in(cast.bob)
    team.change(
        organisation=cast.dealer.organisation,
        member=cast.bob,
        role=roles.Role.PRIVACY,
        branches=[],
        by=cast.alice,
        at=NOW,
    )
    assert browser.get("/inbox/rows/").status_code == 404
    assert staff.viewer(cast.bob).branches == frozenset()
    with scope.looking(organisation=cast.dealer.organisation):
        entry = models.AuditEntry.objects.get(verb="team.change_member")
    assert (entry.actor, entry.object) == (f"member:{cast.alice}", f"member:{cast.bob}")
    assert entry.detail == {
        "role": "privacy",
        "role_before": "agent",
        "branches": [],
        "branches_before": [cast.dealer.branch],
    }


def test_the_last_owner_stays(cast):
    here = {"organisation": cast.dealer.organisation, "by": cast.alice, "at": NOW}
    with pytest.raises(team.UnableToChangeMember):
        team.let_go(member=cast.alice, **here)
    with pytest.raises(team.UnableToChangeMember):
        team.change(member=cast.alice, role=roles.Role.AGENT, branches=[], **here)
    team.change(member=cast.bob, role=roles.Role.OWNER, branches=[], **here)
    team.let_go(member=cast.alice, **here)


def test_a_stranger_changes_nobody_here(cast):
    elsewhere = staff.viewer(cast.eve).organisation
    with pytest.raises(team.UnableToChangeMember):
        team.let_go(organisation=elsewhere, member=cast.bob, by=cast.eve, at=NOW)
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.Member.objects.get(id=cast.bob).is_active
