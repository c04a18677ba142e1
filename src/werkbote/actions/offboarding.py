"""Leaving private WhatsApp: members are asked, do it on their own phone, and declare it done."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from werkbote.actions import audit
from werkbote.domain import offboarding
from werkbote.papers import declaration, guide
from werkbote.store import ids, keyring, models, rechtsstand, scope, vault

UnableToPrint = declaration.UnableToPrint


class UnableToAsk(Exception):
    """Nobody is left who could be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a member entered: the typed name, the steps ticked, and the last confirmation."""

    name: str
    ticks: Collection[str]
    confirmed: bool
    language: str


def ask(*, organisation: int, members: Sequence[int], by: int, at: datetime) -> int:
    """Ask members for their declaration; return how many were asked anew.

    Who is asked already is left alone. They are reminded on every page until they have signed.
    Raises UnableToAsk when none is left.
    """
    today = timezone.localtime(at).date()
    due = today + timedelta(days=rechtsstand.way_out(today).declare_within_days)
    with scope.transaction(organisation=organisation):
        fresh = list(
            models.Member.objects.select_for_update()
            .filter(id__in=members, is_active=True, leaves_private_whatsapp=False)
            .order_by("id")
        )
        if not fresh:
            raise UnableToAsk("Everybody you chose is asked already.")
        models.Offboarding.objects.bulk_create(
            [
                models.Offboarding(
                    id=ids.new(),
                    organisation_id=organisation,
                    member=member,
                    asked_by_id=by,
                    asked_at=at,
                    due_on=due,
                )
                for member in fresh
            ]
        )
        models.Member.objects.filter(id__in=[member.id for member in fresh]).update(
            leaves_private_whatsapp=True
        )
        for member in fresh:
            _record(organisation, by, "offboarding.ask", member.id, at)
    return len(fresh)


def sign(*, organisation: int, signature: Signature, by: int, at: datetime) -> int:
    """Sign the open declaration of the member `by`; return its id.

    The paper is set first, then stored with its SHA-256 in one transaction with the audit entry.

    Raises:
        offboarding.UnableToSign: if a step, the confirmation or the full name is missing, or
            nothing is open.
        UnableToPrint: if the name cannot be printed.
    """
    rules = rechtsstand.way_out(timezone.localtime(at).date())
    name = " ".join(signature.name.split())
    offboarding.check_signature(
        name=name, ticks=signature.ticks, confirmed=signature.confirmed, rules=rules
    )
    keys = keyring.organisation(organisation)
    words = _declaration(keys, signature, rules, name=name, by=by, at=at)
    try:
        pdf = declaration.render(words)
    finally:
        guide.forget()
    digest = hashlib.sha256(pdf).hexdigest()
    with scope.transaction(organisation=organisation):
        row = models.Offboarding.objects.select_for_update().filter(member=by, state="open").first()
        if row is None:
            raise offboarding.UnableToSign("nothing", "There is no declaration to sign.")
        row.ticks, row.version = [step.id for step in rules.steps], rules.version
        row.digest = digest
        _store(row, keys, pdf, name=name, at=at)
        models.Member.objects.filter(id=by).update(leaves_private_whatsapp=False)
        _record(organisation, by, "offboarding.sign", by, at, sha256=digest, seal=words.seal())
    return row.id


def _declaration(
    keys: vault.OrganisationKeys,
    signature: Signature,
    rules: offboarding.Rules,
    *,
    name: str,
    by: int,
    at: datetime,
) -> declaration.Declaration:
    language, main = signature.language, keys.main
    with scope.looking(organisation=keys.organisation):
        member = models.Member.objects.get(id=by)
        branch = models.Branch.objects.filter(memberships__member=by).order_by("id").first()
        house = models.Organisation.objects.get(id=keys.organisation)
    company = (
        main.open_text(
            branch.legal_entity_sealed, table="branch", row=branch.id, column="legal_entity_sealed"
        )
        if branch
        else main.open_text(
            house.name_sealed, table="organisation", row=house.id, column="name_sealed"
        )
    )
    return declaration.Declaration(
        language=language,
        title=rules.declaration["title"][language],
        company=company,
        opening=rules.declaration["opening"][language].format(company=company),
        sentences=tuple(step.declared[language] for step in rules.steps),
        closing=rules.declaration["closing"][language],
        confirm=rules.declaration["confirm"][language],
        name=name,
        account=main.open_text(member.name_sealed, table="member", row=by, column="name_sealed"),
        version=rules.version,
        signed_at=at,
    )


def _store(
    row: models.Offboarding,
    keys: vault.OrganisationKeys,
    pdf: bytes,
    *,
    name: str,
    at: datetime,
) -> None:
    row.state, row.signed_at = "signed", at
    row.name_sealed = keys.main.seal_text(
        name, table="offboarding", row=row.id, column="name_sealed"
    )
    row.paper_sealed = keys.main.seal(pdf, table="offboarding", row=row.id, column="paper_sealed")
    row.save()


def _record(
    organisation: int, by: int, verb: str, member: int, at: datetime, **detail: str
) -> None:
    audit.record(
        organisation=organisation,
        by=by,
        verb=verb,
        object=f"member:{member}",
        detail=detail,
        at=at,
    )
