"""Leaving: one click from any issue, one word to the staff; and the way back for who left by mistake."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import F

from werkbote.actions import audit, ledger, mailing
from werkbote.actions.consent import ways
from werkbote.actions.consent import wording as consents
from werkbote.actions.newsletter import wording
from werkbote.domain import consent, newsletter
from werkbote.store import ids, keyring, models, notice, scope, vault

_DEED = "unsubscribe"
_EMAIL = "email"
_CHANNELS = frozenset({"phone", "counter", "email", "letter"})


class UnableToLeave(Exception):
    """The link or the address does not say who wants to leave; the sentence says what helps."""


def _message(keys: vault.OrganisationKeys, branch: int, word: str) -> models.Message:
    """Return the e-mail a link came in; raise UnableToLeave where it is not ours or gone."""
    named = mailing.read_token(keys, deed=_DEED, word=word)
    if named is None:
        raise UnableToLeave("This link is not complete: open it from the e-mail once more.")
    found = (
        models.Message.objects.select_related("conversation")
        .filter(id=named, number__branch=branch)
        .first()
    )
    if found is None:
        raise UnableToLeave("Nothing is stored under this link any more: nothing is sent to you.")
    return found


def check(*, branch: int, word: str) -> None:
    """Raise UnableToLeave unless the link is from one of our e-mails; looking changes nothing."""
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        _message(keys, branch, word)


def leave(*, branch: int, word: str, at: datetime) -> bool:
    """End the newsletter for whom the e-mail went to; return whether that was news.

    Suppresses the address by its keyed hash, so that it holds beyond an erasure, and ends nothing
    else. Raises notice.UnableToFindNotice, UnableToLeave.
    """
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        message = _message(keys, branch, word)
        news = ledger.stop(
            keys=keys,
            stop=ledger.Stop(
                person=message.conversation.person_id,
                branch=branch,
                key=f"l{message.id}.{int(at.timestamp())}",
                deed=consent.Deed.WITHDRAWN,
                reason="unsubscribed",
                channel="E-Mail, link in the newsletter",
                occurred_at=at,
                by="person",
                from_number=True,
                purposes=(newsletter.PURPOSE,),
                scheme=_EMAIL,
            ),
            at=at,
        )
        if news:
            _count(message)
            audit.record(
                organisation=organisation,
                by="person",
                verb="newsletter.leave",
                object=f"message:{message.id}",
                at=at,
            )
    return news


def _count(message: models.Message) -> None:
    kind, _, issue = (message.request_key or "").partition(":")
    if kind == "issue":
        models.NewsletterIssue.objects.filter(id=int(issue)).update(
            unsubscribed=F("unsubscribed") + 1
        )


def resubscribe(*, branch: int, word: str, language: str, at: datetime) -> None:
    """Take back who left by mistake: asked and confirmed from the address itself, in one POST.

    The link proves the address, as it did when it was confirmed first. Raises UnableToLeave.
    """
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        message = _message(keys, branch, word)
        place = models.Branch.objects.get(id=branch)
        words = wording.of(keys, place, at=at, language=language)
        evidence = _evidence(keys, message, place, words, word=word, at=at)
        record = f"r{ids.new()}-{newsletter.PURPOSE}"
        deeds = ((consent.Deed.REQUESTED, timedelta(0)), (consent.Deed.CONFIRMED, _NEXT))
        ledger.enter(
            keys=keys,
            entries=[
                ledger.Entry(
                    key=f"{record}/{deed}",
                    record=record,
                    person=message.conversation.person_id,
                    purpose=newsletter.PURPOSE,
                    entity=branch,
                    deed=deed,
                    occurred_at=at + later,
                    by="person",
                    from_number=True,
                    evidence=evidence,
                )
                for deed, later in deeds
            ],
            at=at,
        )
        audit.record(
            organisation=organisation,
            by="person",
            verb="newsletter.resubscribe",
            object=f"message:{message.id}",
            at=at,
        )


_NEXT = timedelta(microseconds=1)
"""What lies between asking and confirming in one step: two events need an order."""


def _evidence(
    keys: vault.OrganisationKeys,
    message: models.Message,
    branch: models.Branch,
    words: wording.Words,
    *,
    word: str,
    at: datetime,
) -> consent.Evidence:
    shown = words.form
    person = message.conversation.person_id
    sender, _ = mailing.sender(keys, message.number)
    return consent.Evidence(
        subject=consent.Subject(person_id=str(person), **ledger.addresses(keys, person)),
        legal_entity=words.company,
        purposes=(newsletter.PURPOSE,),
        channel=words.channel,
        wording=consent.Wording(
            rendered=shown, language=words.language, version_hash=consents.digest(shown)
        ),
        presentation=consents.presentation(
            "page behind the link in an e-mail", f"newsletter/{ids.short(branch.id)}", shown
        ),
        act="ticked the box and sent the form",
        times=consent.Times(
            zone=ledger.ZONE.key,
            shown_at=at,
            given_at=at,
            request_sent_at=message.sent_at or message.claimed_at or message.at,
            confirmed_at=at,
        ),
        confirmation=consent.Confirmation(
            outbound_id=mailing.ident(keys, message=message.id, sender=sender),
            inbound_id=f"POST u/{word}",
            body_hash=sha256(word.encode()).hexdigest(),
            signature_valid=True,
        ),
        age_statement=words.say("form", "age"),
        notice_version=ways.notice_version(keys, branch, at=at, language=words.language),
        withdrawal_text=words.say("withdrawal"),
    )


def withdraw(
    *, organisation: int, branch: int, email: str, channel: str, by: int, at: datetime
) -> None:
    """Enter that somebody asked the staff for no more newsletters; an unknown address is suppressed too.

    Raises UnableToLeave for no address, or an unknown channel.
    """
    address = newsletter.address(email)
    if address is None or channel not in _CHANNELS:
        raise UnableToLeave(
            "Enter the address that is to get nothing more, and where you heard it."
        )
    keys = keyring.organisation(organisation)
    fingerprint = keys.fingerprint(_EMAIL, address)
    with scope.transaction(organisation=organisation):
        known = models.Identity.objects.filter(fingerprint=fingerprint).first()
        if known is None:
            ledger.suppress(
                keys=keys, prints=[fingerprint], scopes=["advertising"], reason="withdrawn", at=at
            )
        else:
            ledger.stop(
                keys=keys,
                stop=ledger.Stop(
                    person=known.person_id,
                    branch=branch,
                    key=f"s{known.id}.{int(at.timestamp() * 1000)}",
                    deed=consent.Deed.WITHDRAWN,
                    reason="withdrawn",
                    channel=channel,
                    occurred_at=at,
                    by=f"member:{by}",
                    purposes=(newsletter.PURPOSE,),
                    scheme=_EMAIL,
                ),
                at=at,
            )
        audit.record(
            organisation=organisation,
            by=by,
            verb="newsletter.withdraw",
            object=f"branch:{branch}",
            detail={"channel": channel, "known": known is not None},
            at=at,
        )
