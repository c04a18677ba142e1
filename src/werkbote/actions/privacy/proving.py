"""Proving an erasure: everything is searched again, and the protocol says what was found: nothing."""

from collections.abc import Sequence
from datetime import date, datetime

import orjson

from werkbote.actions import audit
from werkbote.actions.privacy import erasing as asking
from werkbote.actions.privacy import keeping, requesting, targeting
from werkbote.domain import consent, privacy
from werkbote.store import erasing, models, rechtsstand, scope, vault


class FoundAgain(Exception):
    """The search after the erasure found something; it is erased again."""


def verify(keys: vault.OrganisationKeys, row: models.ErasureRun, *, at: datetime) -> None:
    """Search every table and every sealed body again; raise FoundAgain unless nothing is there.

    What a rule keeps does not count, and neither does a person who wrote anew since: that is
    somebody with other rows.
    """
    with scope.looking(organisation=row.organisation_id):
        found = targeting.opened(keys, row)
        kept = keeping.find(found.people, at=at).kept
        left = sum(erasing.counts(found.people, kept=kept).values())
        left += _met_again(found)
        left += _in_bodies(keys, row, found)
    with scope.transaction(organisation=row.organisation_id):
        models.ErasureStep.objects.filter(run_id=row.id, store=privacy.Store.VERIFICATION).update(
            count=left,
            state=privacy.StepState.FAILED if left else privacy.StepState.DONE,
            done_at=at,
        )
    if left:
        raise FoundAgain("The search after the erasure found rows; they are erased again.")


def _met_again(found: targeting.Targets) -> int:
    """Return how many identities of before can still be found by number."""
    prints = [bytes.fromhex(one) for one in found.prints]
    return models.Identity.objects.filter(fingerprint__in=prints, person__in=found.people).count()


def _in_bodies(
    keys: vault.OrganisationKeys, row: models.ErasureRun, found: targeting.Targets
) -> int:
    """Return how many bodies from before the erasure still hold a trace."""
    hits = 0
    for label, column in erasing.searched():
        after = 0
        while batch := list(
            erasing.holding(keys, needles=found.traces, after=after, label=label, column=column)
        ):
            held = [number for number, holds in batch if holds]
            hits += erasing.older(label, held, than=_erased_at(row)) if held else 0
            after = batch[-1][0]
    return hits


def _erased_at(row: models.ErasureRun) -> datetime:
    at = models.ErasureRun.objects.values_list("erased_at", flat=True).get(id=row.id)
    assert at is not None
    return at


def finish(keys: vault.OrganisationKeys, row: models.ErasureRun, *, at: datetime) -> None:
    """Write the protocol with its hash, forget what was searched for, and audit the deed."""
    with scope.transaction(organisation=row.organisation_id):
        found = targeting.opened(keys, row)
        now = models.ErasureRun.objects.select_related("asked_by", "approved_by").get(id=row.id)
        steps = list(models.ErasureStep.objects.filter(run_id=row.id).order_by("position", "id"))
        prints = [bytes.fromhex(one) for one in found.prints]
        content = privacy.internal(
            protocol(
                now,
                steps,
                suppressed=models.Suppression.objects.filter(fingerprint__in=prints).exists(),
                at=at,
            )
        )
        models.ErasureRun.objects.filter(id=row.id).update(
            state=privacy.move(privacy.State.RUNNING, "finish"),
            protocol=orjson.loads(consent.canonical(content)),
            digest=content["hash"],
            targets_sealed=None,
            ended_at=at,
            next_at=None,
        )
        _answer(row, at=at)
        audit.record(
            organisation=row.organisation_id,
            by=audit.SYSTEM,
            verb="privacy.erase",
            object=f"erasure_run:{row.id}",
            detail={
                "person": row.subject,
                "rows": sum(step.count for step in steps),
                "kept": len(now.blocks),
                "protocol": content["hash"],
            },
            at=at,
        )


def _answer(row: models.ErasureRun, *, at: datetime) -> None:
    """Answer the request the erasure came from; its words, and those of all others, have gone."""
    if row.request_ref is None:
        return
    asked = models.PersonRequest.objects.select_for_update().filter(id=row.request_ref).first()
    if asked is not None and asked.state == privacy.RequestState.OPEN:
        requesting.answered(asked, result={"erasure": row.id}, by=audit.SYSTEM, at=at)


def protocol_of(*, organisation: int, run: int) -> privacy.Protocol:
    """Return the protocol of an erasure that is done."""
    with scope.looking(organisation=organisation):
        return protocol_in(models.ErasureRun.objects.get(id=run, state=privacy.State.DONE))


def protocol_in(row: models.ErasureRun) -> privacy.Protocol:
    """Return the protocol of a run that is done. Inside a scope."""
    steps = list(models.ErasureStep.objects.filter(run=row).order_by("position", "id"))
    assert row.ended_at is not None
    assert row.protocol is not None
    return protocol(row, steps, suppressed=row.protocol["suppression_kept"], at=row.ended_at)


def protocol(
    row: models.ErasureRun,
    steps: Sequence[models.ErasureStep],
    *,
    suppressed: bool,
    at: datetime,
) -> privacy.Protocol:
    """Return the protocol of a run that has come through."""
    operators = [
        f"member:{one}" for one in (row.asked_by_id, row.approved_by_id) if one is not None
    ]
    assert row.started_at is not None
    assert row.erased_at is not None
    return privacy.Protocol(
        run=row.id,
        subject=row.subject,
        scope=row.scope,
        trigger=privacy.Trigger(row.trigger),
        request=row.request_ref,
        identified_by=row.identified_by,
        operators=tuple(operators) or (audit.SYSTEM,),
        asked_at=row.asked_at,
        started_at=row.started_at,
        erased_at=row.erased_at,
        ended_at=at,
        preview=row.preview,
        blocks=tuple(_block(one) for one in row.blocks),
        steps=tuple(
            privacy.Step(store=one.store, state=one.state, count=one.count, problem=one.problem)
            for one in steps
        ),
        keys_destroyed=tuple(row.keys_destroyed),
        backups_until=keeping.today(asking.backups_until(at=row.erased_at)),
        suppression_kept=suppressed,
        verification_hits=next(
            one.count for one in steps if one.store == privacy.Store.VERIFICATION
        ),
        law=rechtsstand.retention(keeping.today(at)).version,
    )


def _block(plain: dict[str, object]) -> privacy.Block:
    until = plain["until"]
    return privacy.Block(
        rule=str(plain["rule"]),
        store=str(plain["store"]),
        count=int(str(plain["count"])),
        until=date.fromisoformat(str(until)) if until else None,
        article=str(plain["article"]),
    )
