"""The members tests look and act as: Alice may, Bob shares her branch, Charlie must not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.test import Client

from tests import dealers
from werkbote.actions import inbox, team
from werkbote.domain import events
from werkbote.domain import team as roles
from werkbote.reads import access
from werkbote.reads import team as reading
from werkbote.store import ids, keyring, models, scope, support
from werkbote.web import clock

PASSWORD = "hebebuehne-im-hof"


@dataclass(frozen=True, kw_only=True)
class Staff:
    """A dealer with its people; Charlie works at another branch, Dora audits, Eve is a stranger.

    Who is never named is never made.
    """

    dealer: dealers.Dealer

    @cached_property
    def alice(self) -> int:
        """The owner."""
        return self._member(roles.Role.OWNER)

    @cached_property
    def bob(self) -> int:
        """An agent of the same branch."""
        return self._member(roles.Role.AGENT)

    @cached_property
    def charlie(self) -> int:
        """An agent of another branch."""
        organisation = self.dealer.organisation
        other = team.create_branch(
            organisation=organisation,
            name="Kiel",
            legal_entity="Autohaus Nordlicht GmbH",
            state_code="SH",
            by="system",
            at=dealers.NOW,
        )
        return member(organisation, role=roles.Role.AGENT, branches=[other])

    @cached_property
    def dora(self) -> int:
        """The auditor of the branch."""
        return self._member(roles.Role.AUDITOR)

    @cached_property
    def eve(self) -> int:
        """The owner of a stranger's dealer."""
        elsewhere = dealers.dealer()
        return member(elsewhere.organisation, role=roles.Role.OWNER, branches=[elsewhere.branch])

    def _member(self, role: roles.Role) -> int:
        return member(self.dealer.organisation, role=role, branches=[self.dealer.branch])


def staff(dealer: dealers.Dealer | None = None) -> Staff:
    """A dealer's people; the dealer is made unless there is one."""
    return Staff(dealer=dealer or dealers.dealer())


def everybody(dealer: dealers.Dealer | None = None) -> Staff:
    """A dealer's people, all of them made; the dealer is made unless there is one."""
    made = staff(dealer)
    assert len({made.alice, made.bob, made.charlie, made.dora, made.eve}) == 5
    return made


def email(member_id: int) -> str:
    """The address a member made here signs in with."""
    return f"m{member_id}@autohaus.example"


def member(
    organisation: int, *, role: roles.Role, branches: list[int], language: str = "de"
) -> int:
    """Create a member; the address is known from the id."""
    made = team.create_member(
        organisation=organisation,
        email=f"new-{ids.new()}@autohaus.example",
        name="Anna Muster",
        password=PASSWORD,
        role=role,
        language=language,
        branches=branches,
        by="system",
        at=dealers.NOW,
    )
    with scope.transaction(organisation=organisation):
        models.Member.objects.filter(id=made).update(
            email_hash=keyring.installation().email_hash(email(made))
        )
    team.acknowledge(
        organisation=organisation,
        version=reading.policy_version(day=dealers.NOW.date()),
        by=made,
        at=dealers.NOW,
    )
    if role is roles.Role.SUPPORT:
        _let_in(organisation, made)
    return made


def _let_in(organisation: int, member_id: int) -> None:
    """Let a support account in, as an owner would."""
    row, now = ids.new(), clock.now()
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        models.SupportWindow.objects.create(
            id=row,
            organisation_id=organisation,
            member_id=member_id,
            vendor="other:1",
            agreement_on=now.date(),
            reason_sealed=support.sealed(keys, "Ticket 17", row=row),
            opened_by=0,
            opened_at=now,
            until=now + timedelta(hours=8),
        )


def browser(*, csrf: bool = False) -> Client:
    """A browser in which nobody is signed in."""
    return Client(enforce_csrf_checks=csrf, SERVER_NAME="127.0.0.1")


def signed_in(member_id: int) -> Client:
    """A browser in which the member is signed in."""
    made = browser()
    address = f"10.{member_id % 250}.{member_id % 249}.{member_id % 251}"
    answer = made.post(
        "/login/", {"email": email(member_id), "password": PASSWORD}, REMOTE_ADDR=address
    )
    assert answer.status_code == 302, answer.content
    return made


def viewer(member_id: int) -> access.Viewer:
    """The viewer a member is."""
    return access.viewer(member_id)


def wrote(
    to: dealers.Dealer,
    *,
    words: str = "Moin",
    phone: str = "+491713920001",
    at: datetime = dealers.NOW,
    kind: str = "text",
    **more: Any,
) -> int:
    """Let a customer's message arrive; return its conversation."""
    name = more.pop("provider_id", f"wamid.{ids.new()}")
    event = events.MessageIn(
        number=to.phone_number_id,
        provider_id=name,
        party=events.Party(phone=phone, name=more.pop("name", "Petra Beispiel")),
        at=at,
        kind=events.Kind(kind),
        text=words,
        **more,
    )
    with scope.transaction(organisation=to.organisation):
        inbox.store_messages(_batch(to, at), [(event, at + timedelta(seconds=1))])
        return models.Message.objects.get(provider_id=name).conversation_id


def changed(
    to: dealers.Dealer,
    *,
    target: str,
    kind: str,
    value: str | None = None,
    at: datetime = dealers.NOW,
    provider_id: str = "",
) -> None:
    """Let a reaction, an edit or a deletion arrive."""
    event = events.ChangeIn(
        number=to.phone_number_id,
        provider_id=provider_id or f"wamid.{ids.new()}",
        party=events.Party(phone="+491713920001"),
        at=at,
        kind=events.ChangeKind(kind),
        target=target,
        value=value,
    )
    with scope.transaction(organisation=to.organisation):
        inbox.store_changes(_batch(to, at), [(event, at)])


def _batch(to: dealers.Dealer, at: datetime) -> inbox.Batch:
    return inbox.Batch(
        keys=keyring.organisation(to.organisation),
        numbers={to.phone_number_id: models.Number.objects.get(id=to.number)},
        at=at,
    )
