"""Leaving private WhatsApp: one's own declaration, how the team stands, and the invitation for customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

import phonenumbers
from django.db.models import OuterRef, Q, Subquery

from werkbote.domain import offboarding, team
from werkbote.reads import access, old_chats
from werkbote.store import keyring, models, rechtsstand, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """The viewer's own request, if one is open, and their newest signed declaration."""

    open: bool
    due_on: date | None
    overdue: bool
    signed: int | None
    signed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One member of the team and how they stand."""

    member: int
    name: str
    standing: offboarding.Standing
    due_on: date | None
    signed_at: datetime | None
    declaration: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """How the team stands, and what light that gives."""

    rows: Sequence[Row]
    outlook: offboarding.Outlook


def rules(*, today: date) -> offboarding.Rules:
    """Return the steps, words and periods that hold."""
    return rechtsstand.way_out(today)


def mine(*, viewer: access.Viewer, today: date) -> Mine:
    """Return how the viewer stands."""
    with scope.looking(organisation=viewer.organisation):
        rows = models.Offboarding.objects.filter(member=viewer.member).defer("paper_sealed")
        asked = rows.filter(state="open").first()
        signed = rows.filter(state="signed").order_by("-signed_at").first()
    due = asked.due_on if asked else None
    return Mine(
        open=asked is not None,
        due_on=due,
        overdue=due is not None and due < today,
        signed=signed.id if signed else None,
        signed_at=signed.signed_at if signed else None,
    )


def overview(*, viewer: access.Viewer, today: date) -> Team:
    """Return how every active member of the viewer's branches stands; for those who answer for it."""
    access.check_right(viewer, team.Right.READ_DECLARATIONS)
    main = keyring.organisation(viewer.organisation).main
    asked = models.Offboarding.objects.filter(member=OuterRef("id"), state="open")
    signed = models.Offboarding.objects.filter(member=OuterRef("id"), state="signed").order_by(
        "-signed_at"
    )
    with scope.looking(organisation=viewer.organisation):
        here = models.Member.objects.filter(access.colleagues(viewer), is_active=True)
        members = here.annotate(
            due_on=Subquery(asked.values("due_on")[:1]),
            signed_at=Subquery(signed.values("signed_at")[:1]),
            paper=Subquery(signed.values("id")[:1]),
        )
        rows = [
            Row(
                member=one.id,
                name=main.open_text(
                    one.name_sealed, table="member", row=one.id, column="name_sealed"
                ),
                standing=offboarding.standing(
                    asked=one.due_on is not None,
                    signed=one.due_on is None and one.signed_at is not None,
                    due_on=one.due_on,
                    today=today,
                ),
                due_on=one.due_on,
                signed_at=one.signed_at,
                declaration=one.paper,
            )
            for one in members.order_by("id")
        ]
    days = rules(today=today).decide_within_days
    undecided, late = old_chats.waiting(viewer=viewer, today=today, days=days)
    return Team(
        rows=rows,
        outlook=offboarding.outlook(
            members=[row.standing for row in rows], undecided=undecided, late=late
        ),
    )


def paper(*, viewer: access.Viewer, declaration: int) -> bytes:
    """Return a signed declaration as PDF: one's own, or anybody's for those who answer for it."""
    rows = models.Offboarding.objects.filter(id=declaration, state="signed")
    own = Q(member=viewer.member)
    with scope.looking(organisation=viewer.organisation):
        if viewer.can(team.Right.READ_DECLARATIONS):
            colleagues = models.Member.objects.filter(access.colleagues(viewer))
            own |= Q(member__in=colleagues.values("id"))
        row = rows.filter(own).first()
    if row is None or row.paper_sealed is None:
        raise access.UnableToSee("There is no such declaration.")
    return keyring.organisation(viewer.organisation).main.open(
        row.paper_sealed, table="offboarding", row=row.id, column="paper_sealed"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """How customers come to a number by themselves: `link` opens WhatsApp with the greeting typed."""

    number: int
    label: str
    phone: str
    link: str
    text: str


def _spaced(phone: str) -> str:
    """Return a number as people write it down."""
    parsed = phonenumbers.parse(phone)
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def invitations(*, viewer: access.Viewer, language: str, today: date) -> tuple[Invitation, ...]:
    """Return one invitation for each WhatsApp number of the viewer's branches."""
    access.check_right(viewer, team.Right.READ_CHATS)
    main, words = keyring.organisation(viewer.organisation).main, rules(today=today).invitation
    greeting = words["greeting"][language]
    found = []
    with scope.looking(organisation=viewer.organisation):
        numbers = models.Number.objects.filter(branch__in=viewer.branches, channel="whatsapp")
        for row in numbers.select_related("branch").order_by("id"):
            phone = main.open_text(
                row.phone_sealed, table="number", row=row.id, column="phone_sealed"
            )
            company = main.open_text(
                row.branch.legal_entity_sealed,
                table="branch",
                row=row.branch_id,
                column="legal_entity_sealed",
            )
            address = f"https://wa.me/{phone.removeprefix('+')}"
            found.append(
                Invitation(
                    number=row.id,
                    label=main.open_text(
                        row.label_sealed, table="number", row=row.id, column="label_sealed"
                    ),
                    phone=phone,
                    link=f"{address}?text={quote(greeting)}",
                    text=words["text"][language].format(
                        company=company, phone=_spaced(phone), link=address
                    ),
                )
            )
    return tuple(found)
