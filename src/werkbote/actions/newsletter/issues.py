"""Issues: written, looked at, sent once to everybody who agreed, stopped if something is wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from werkbote.actions import audit, drafts, ledger, mailing, numbers, outbox, policy
from werkbote.actions.consent import asking
from werkbote.actions.newsletter import wording
from werkbote.domain import consent, delivery, events, newsletter, team
from werkbote.papers import newsletter as paper
from werkbote.store import keyring, models, queue, rechtsstand, scope, vault

_AT_ONCE = 200


class UnableToPublish(Exception):
    """The issue cannot be saved, sent or stopped like this; the sentence says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An issue as it is written; `text` is Markdown."""

    subject: str
    text: str
    language: str = "de"


def _check(draft: Draft) -> None:
    if not draft.subject.strip() or not draft.subject.isprintable():
        raise UnableToPublish("The subject is empty or holds invisible characters: write it anew.")
    if len(draft.subject) > newsletter.MAX_SUBJECT:
        raise UnableToPublish("The subject is longer than 150 characters: shorten it.")
    if not draft.text.strip():
        raise UnableToPublish("The issue is empty: write something first.")
    if len(draft.text) > newsletter.MAX_TEXT:
        raise UnableToPublish("The issue is longer than 40,000 characters: shorten it.")
    if draft.language not in wording.LANGUAGES:
        raise UnableToPublish("Choose German or English.")


def save(
    *, organisation: int, branch: int, draft: Draft, issue: int | None, by: int, at: datetime
) -> int:
    """Store a draft and return its id; raise UnableToPublish once it has been sent."""
    _check(draft)
    values = {
        "subject": draft.subject.strip(),
        "text": draft.text.replace("\r\n", "\n"),
        "language": draft.language,
        "author_id": by,
        "changed_at": at,
    }
    with scope.transaction(organisation=organisation):
        if issue is None:
            row = models.NewsletterIssue(
                organisation_id=organisation, branch_id=branch, created_at=at, **values
            )
            row.save(force_insert=True)
            return row.id
        if not models.NewsletterIssue.objects.filter(id=issue, branch=branch, state="draft").update(
            **values
        ):
            raise UnableToPublish("This issue has been sent already: write a new one.")
    return issue


def discard(*, organisation: int, issue: int, by: int, at: datetime) -> None:
    """Delete a draft; raise UnableToPublish once it has been sent."""
    with scope.transaction(organisation=organisation):
        gone, _ = models.NewsletterIssue.objects.filter(id=issue, state="draft").delete()
        if not gone:
            raise UnableToPublish("This issue has been sent already: it stays in the archive.")
        _note(organisation, "newsletter.discard", issue, by=by, at=at)


def _note(
    organisation: int, verb: str, issue: int, *, by: int | str, at: datetime, count: int = 0
) -> None:
    audit.record(
        organisation=organisation,
        by=by,
        verb=verb,
        object=f"newsletter_issue:{issue}",
        detail={"count": count} if count else {},
        at=at,
    )


def preview(*, organisation: int, branch: int, draft: Draft, at: datetime) -> paper.Printed:
    """Return an issue as readers would get it; stores nothing. Raises UnableToPublish."""
    _check(draft)
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        place = models.Branch.objects.get(id=branch)
        words = wording.of(keys, place, at=at, language=draft.language)
    letter = paper.Letter(
        subject=draft.subject.strip(),
        text=draft.text,
        company=words.company,
        language=words.language,
        footer=words.say("footer"),
        online=mailing.address(branch, "archive"),
        leave=True,
    )
    return paper.render(letter)


def begin(*, organisation: int, issue: int, by: int, at: datetime) -> None:
    """Start sending a draft to everybody who agreed; it can be started once.

    Raises UnableToPublish for an issue that is no draft, for a branch without a sender, for one more
    issue than readers were promised, and to many readers for whoever wrote it last.
    """
    with scope.transaction(organisation=organisation):
        claimed = models.NewsletterIssue.objects.filter(id=issue, state="draft").update(
            state="sending", begun_at=at
        )
        if not claimed:
            raise UnableToPublish("This issue is being sent already; reload the page.")
        row = models.NewsletterIssue.objects.get(id=issue)
        if not models.Number.objects.filter(branch=row.branch_id, channel=numbers.MAIL).exists():
            raise UnableToPublish("There is no sender yet: set it up first, then send.")
        _check_promise(row, at=at)
        _check_second_look(row, by=by)
        _note(organisation, "newsletter.begin", issue, by=by, at=at)
        queue.enqueue(queue.Job.SPREAD_ISSUE, organisation=organisation, object_id=issue)


def _check_promise(issue: models.NewsletterIssue, *, at: datetime) -> None:
    """Refuse an issue that the gate would hold back for weeks: readers were promised a frequency."""
    rules = rechtsstand.on(at.astimezone(ledger.ZONE).date())
    for cap in rules.purposes[newsletter.PURPOSE].caps:
        recent = models.NewsletterIssue.objects.filter(
            branch=issue.branch_id, begun_at__gt=at - timedelta(days=cap.days)
        ).exclude(id=issue.id)
        if recent.count() >= cap.count:
            raise UnableToPublish(
                "Your readers were promised fewer issues: wait until the oldest of the last four is "
                "30 days old."
            )


def _check_second_look(issue: models.NewsletterIssue, *, by: int) -> None:
    """Refuse many readers to whoever wrote an issue last, unless nobody else could send it."""
    readers = models.Consent.objects.filter(
        branch=issue.branch_id, purpose=newsletter.PURPOSE, state=consent.State.GRANTED
    )
    if issue.author_id != by or readers.count() <= newsletter.ALONE:
        return
    roles = [one for one in team.Role if team.can(role=one, right=team.Right.PUBLISH)]
    others = models.Member.objects.filter(is_active=True, role__in=roles).exclude(id=by)
    here = Q(role=team.Role.OWNER) | Q(memberships__branch=issue.branch_id)
    if others.filter(here).exists():
        raise UnableToPublish(
            "So many readers get it only once somebody else has looked: ask an owner or a colleague "
            "of marketing to look and send it."
        )


def spread(*, organisation: int, issue: int, at: datetime) -> int:
    """Queue one copy for everybody who agreed, in batches; return how many are new.

    Begun again after a crash it goes on: a person who has a copy gets no second one.
    """
    keys = keyring.organisation(organisation)
    count, after = 0, 0
    while True:
        with scope.transaction(organisation=organisation):
            row = models.NewsletterIssue.objects.select_for_update().get(id=issue)
            if row.state != "sending":
                return count
            readers = _readers(row.branch_id, after)
            count += _copies(keys, row, readers, at=at)
            if len(readers) < _AT_ONCE:
                total = models.Message.objects.filter(kind="mail", request_key=_key(issue)).count()
                row.state, row.queued_at, row.readers = "sent", at, total
                row.save(update_fields=["state", "queued_at", "readers"])
                return count
        after = readers[-1].id


def _readers(branch: int, after: int) -> list[models.Consent]:
    return list(
        models.Consent.objects.filter(
            branch=branch,
            purpose=newsletter.PURPOSE,
            state=consent.State.GRANTED,
            person__restricted_at=None,
            id__gt=after,
        ).order_by("id")[:_AT_ONCE]
    )


def _key(issue: int) -> str:
    return f"issue:{issue}"


def _copies(
    keys: vault.OrganisationKeys,
    issue: models.NewsletterIssue,
    readers: list[models.Consent],
    *,
    at: datetime,
) -> int:
    sender = models.Number.objects.get(branch=issue.branch_id, channel=numbers.MAIL)
    words = wording.of(keys, issue.branch, at=at, language=issue.language)
    draft = drafts.Draft(
        kind=events.Kind.MAIL,
        content={"mail": {"issue": issue.id, "footer": words.say("footer")}},
        request_key=_key(issue.id),
        bulk=True,
    )
    have = set(
        models.Message.objects.filter(
            kind="mail",
            request_key=_key(issue.id),
            conversation__person__in=[row.person_id for row in readers],
        ).values_list("conversation__person_id", flat=True)
    )
    wanted = policy.plannable(readers, by_mail=True)
    fresh = [row for row in wanted if row.person_id not in have]
    for row in fresh:
        talk = asking.conversation(keys=keys, person=row.person_id, number=sender, at=at)
        outbox.add(keys=keys, conversation=talk, draft=draft, purpose=row.purpose, by=None, at=at)
    return len(fresh)


def halt(*, organisation: int, issue: int, by: int, at: datetime) -> int:
    """Take back every copy that has not left yet; return how many. Raises UnableToPublish for a draft."""
    with scope.transaction(organisation=organisation):
        row = models.NewsletterIssue.objects.select_for_update().get(id=issue)
        if row.state == "draft":
            raise UnableToPublish("This issue is not being sent: there is nothing to stop.")
        copies = models.Message.objects.filter(kind="mail", request_key=_key(issue))
        count = copies.filter(state=delivery.State.QUEUED).update(state=delivery.State.CANCELLED)
        if row.state == "sending":
            row.state, row.queued_at, row.readers = "sent", at, copies.count()
            row.save(update_fields=["state", "queued_at", "readers"])
        _note(organisation, "newsletter.halt", issue, by=by, at=at, count=count)
    return count


def words_of(*, subject: str, text: str) -> str:
    """Return an issue's words as harmless HTML, for a page of ours."""
    letter = paper.Letter(subject=subject, text=text, company="", language="de", footer="")
    return mailing.printed(letter).inside
