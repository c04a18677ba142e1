"""What proves something: evidence of consents, proofs of the notice; and persons of whom only a contact is left."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q

from werkbote.actions.privacy import ageing, keeping
from werkbote.domain import consent, privacy
from werkbote.store import ids, models
from werkbote.store import old_chats as chats

_ENDED = (
    consent.State.WITHDRAWN,
    consent.State.OBJECTED,
    consent.State.EXPIRED,
    consent.State.LAPSED,
    consent.State.DECLINED,
)


def stocks(rules: privacy.Retention, *, day: date) -> Iterator[ageing.Stock]:
    """Yield evidence by class, proofs of the notice, and bare contacts. Inside a scope."""
    yield _evidence(rules, "L-16", ~Q(event__purpose=keeping.PHONE), day=day)
    yield _evidence(rules, "L-17", Q(event__purpose=keeping.PHONE), day=day)
    yield _proofs(rules, day=day)
    yield _contacts(rules, day=day)


def _evidence(rules: privacy.Retention, code: str, where: Q, *, day: date) -> ageing.Stock:
    """Return evidence of consents that ended; one that holds keeps its evidence.

    Of calls it is counted from the grant and from each use, of anything else from its end.
    """
    rule, ended = rules.rules[code], models.Consent.objects.filter(state__in=_ENDED)
    over = ageing.before(rule, "since", day=day)
    if code == "L-17":
        used = Q(last_used_at=None) | ageing.before(rule, "last_used_at", day=day)
        given = Q(granted_at=None) & over | ageing.before(rule, "granted_at", day=day)
        over = used & given
    of_it = ended.filter(over).filter(
        person=OuterRef("person"),
        purpose=OuterRef("event__purpose"),
        branch=OuterRef("event__entity"),
    )
    rows = models.ConsentEvidence.objects.filter(where)

    def act(found: Sequence[int]) -> int:
        models.ConsentEvidence.objects.filter(id__in=list(found)).delete()
        return len(found)

    return ageing.Stock(
        rule=code,
        name="consent_evidence",
        rows=rows,
        due=rows.filter(Exists(of_it)),
        act=act,
        since="event__recorded_at",
        person="person_id",
    )


def keep_notices(found: Sequence[int]) -> None:
    """Write down which notices of messages that go now reached their person. In a transaction."""
    told = models.Message.objects.filter(id__in=list(found), sent_at__isnull=False)
    for row in told.exclude(notice_version=""):
        assert row.sent_at is not None
        models.NoticeProof(
            id=ids.new(),
            organisation_id=row.organisation_id,
            number_id=row.number_id,
            person_id=row.person_id,
            version=row.notice_version,
            sent_at=row.sent_at,
            delivered_at=row.delivered_at or row.read_at,
        ).save(force_insert=True)


def _proofs(rules: privacy.Retention, *, day: date) -> ageing.Stock:
    """Return proofs of the notice; their period begins with the last contact."""
    rule = rules.rules["L-19"]
    late = models.Conversation.objects.filter(
        ~ageing.before(rule, "last_message_at", day=day),
        last_message_at__isnull=False,
        person=OuterRef("person"),
    )
    rows = models.NoticeProof.objects.all()

    def act(found: Sequence[int]) -> int:
        models.NoticeProof.objects.filter(id__in=list(found)).delete()
        return len(found)

    return ageing.Stock(
        rule="L-19",
        name="notice_proof",
        rows=rows,
        due=rows.filter(ageing.before(rule, "sent_at", day=day)).exclude(Exists(late)),
        act=act,
        since="sent_at",
        person="person_id",
    )


def _contacts(rules: privacy.Retention, *, day: date) -> ageing.Stock:
    """Return persons of whom nothing is left but the contact; what becomes of them is an erasure."""
    rule, mine = rules.rules["L-26"], {"person": OuterRef("pk")}
    bare = (
        models.Person.objects.filter(merged_into=None)
        .exclude(Exists(models.Message.objects.filter(conversation__person=OuterRef("pk"))))
        .exclude(Exists(models.Case.objects.filter(**mine)))
        .exclude(Exists(models.ConsentEvidence.objects.filter(**mine)))
        .exclude(Exists(models.NoticeProof.objects.filter(**mine)))
        .exclude(source=chats.SOURCE)
        .exclude(Exists(models.OldChat.objects.filter(person__merged_into=OuterRef("pk"))))
    )
    late = models.Conversation.objects.filter(
        ~ageing.before(rule, "last_message_at", day=day), last_message_at__isnull=False, **mine
    )
    return ageing.Stock(
        rule="L-26",
        name="person",
        rows=bare,
        due=bare.filter(ageing.before(rule, "created_at", day=day)).exclude(Exists(late)),
        act=len,
        since="created_at",
        person="id",
    )
