"""Conversations, messages and what happened to them."""

from django.db import models

from werkbote.domain import delivery, desk, law
from werkbote.store import ids
from werkbote.store.models import cases, numbers, people, policy, team


class Conversation(models.Model):
    """The one conversation of a person with a number.

    `pair_clear_at` is the theoretical arrival time of the pair rate (one message per six seconds,
    burst 45). `last_*` only ever move forward, whatever the order of arrival. `waiting_since` is when
    the person wrote what nobody has answered; spam and blocked stand beside the state.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.ForeignKey(numbers.Number, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        people.Person, on_delete=models.CASCADE, related_name="conversations"
    )
    last_inbound_at = models.DateTimeField(null=True)
    last_call_at = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField(null=True)
    last_received_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    pair_clear_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, default=desk.State.OPEN, db_default="open")
    owner = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    team = models.ForeignKey(
        team.Team, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    waiting_since = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True, db_default="")
    spam_at = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)
    absence_told_at = models.DateTimeField(null=True)
    window_nudged_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "conversation"
        constraints = [
            models.UniqueConstraint(name="conversation_once", fields=["number", "person"]),
            models.CheckConstraint(
                name="conversation_state_fits",
                condition=models.Q(
                    state=desk.State.OPEN, snoozed_until__isnull=True, closed_at__isnull=True
                )
                | models.Q(
                    state=desk.State.SNOOZED, snoozed_until__isnull=False, closed_at__isnull=True
                )
                | models.Q(
                    state=desk.State.CLOSED, snoozed_until__isnull=True, closed_at__isnull=False
                ),
            ),
        ]
        indexes = [
            models.Index(name="conversation_latest", fields=["number", "-last_message_at", "-id"]),
            models.Index(
                name="conversation_newest", fields=["organisation", "-last_message_at", "-id"]
            ),
            models.Index(
                name="conversation_owned",
                fields=["owner", "-last_message_at", "-id"],
                condition=models.Q(owner__isnull=False),
            ),
            models.Index(
                name="conversation_unassigned",
                fields=["organisation", "-last_message_at", "-id"],
                condition=models.Q(owner=None, spam_at=None, state=desk.State.OPEN),
            ),
            models.Index(
                name="conversation_of_team",
                fields=["team", "-last_message_at", "-id"],
                condition=models.Q(team__isnull=False),
            ),
            models.Index(
                name="conversation_snoozed",
                fields=["organisation", "snoozed_until"],
                condition=models.Q(state=desk.State.SNOOZED),
            ),
            models.Index(
                name="conversation_waiting",
                fields=["organisation", "last_inbound_at"],
                condition=models.Q(waiting_since__isnull=False),
            ),
        ]


class Message(models.Model):
    """One message, in or out. `body` is sealed JSON: text and the kind's own content.

    `provider_id` and `reply_to` are keyed names of the provider's ids, which hold phone numbers; the
    id itself is in `provider_sealed`. `request_key` is the sender's own name for one wish to send, so that repeating it changes nothing.
    `at` is the provider's time for what came in and ours for what goes out. `role` and `ground` are
    the gate's (a consent request, a receipt; the record it stands on). `case` is the one case
    (Vorgang) it is filed in, if any; `archived_at` is when it left the daily inbox for the archive,
    from when a trigger keeps it as it is. `courtesy` says that it only thanks for what we said, so that
    nobody waits for an answer. `tag` says what it is beside its case, by `tagged_by` or, where
    that is empty, by the house. Beyond queued, refused and cancelled, an outbound message has a permit: a
    CHECK holds it.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.ForeignKey(numbers.Number, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(
        cases.Case, on_delete=models.SET_NULL, null=True, db_index=False, related_name="messages"
    )
    outgoing = models.BooleanField()
    provider_id = models.CharField(max_length=255, null=True)
    provider_sealed = models.BinaryField(null=True)
    kind = models.CharField(max_length=16)
    body = models.BinaryField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    reply_to = models.CharField(max_length=255, blank=True)
    forwarded = models.BooleanField(default=False)
    historic = models.BooleanField(default=False)
    courtesy = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=12, default=delivery.State.RECEIVED)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure_code = models.IntegerField(null=True)
    priced_at = models.DateTimeField(null=True)
    notice_version = models.CharField(max_length=40, blank=True)
    author = models.ForeignKey(team.Member, on_delete=models.SET_NULL, null=True, related_name="+")
    purpose = models.CharField(max_length=8, blank=True)
    role = models.CharField(max_length=24, default=law.Role.PLAIN, db_default="plain")
    ground = models.CharField(max_length=80, blank=True, db_default="")
    archived_at = models.DateTimeField(null=True)
    tag = models.CharField(max_length=24, blank=True, db_default="")
    tagged_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    request_key = models.CharField(max_length=64, null=True)
    priority = models.PositiveSmallIntegerField(default=5)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    permit = models.ForeignKey(
        policy.Decision, on_delete=models.PROTECT, null=True, related_name="+"
    )
    refusal = models.ForeignKey(
        policy.Decision, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        db_table = "message"
        constraints = [
            models.UniqueConstraint(name="message_once", fields=["number", "provider_id"]),
            models.UniqueConstraint(
                name="message_request_once", fields=["conversation", "request_key"]
            ),
            models.CheckConstraint(
                name="message_state_known",
                condition=models.Q(state__in=[state.value for state in delivery.State]),
            ),
            models.CheckConstraint(
                name="message_beyond_queue_has_permit",
                condition=~models.Q(state__in=sorted(delivery.NEEDS_PERMIT))
                | models.Q(permit__isnull=False),
            ),
            models.CheckConstraint(
                name="message_refused_has_refusal",
                condition=~models.Q(state=delivery.State.REFUSED) | models.Q(refusal__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="message_thread", fields=["conversation", "-at", "-id"]),
            models.Index(
                name="message_case",
                fields=["case", "-at", "-id"],
                condition=models.Q(case__isnull=False),
            ),
            models.Index(
                name="message_waiting",
                fields=["number", "priority", "due_at", "id"],
                condition=models.Q(state=delivery.State.QUEUED),
            ),
            models.Index(
                name="message_tagged",
                fields=["organisation", "tag"],
                condition=~models.Q(tag=""),
            ),
            models.Index(
                name="message_archived",
                fields=["organisation", "-at", "-id"],
                condition=models.Q(archived_at__isnull=False),
            ),
            models.Index(
                name="message_on_the_way",
                fields=["claimed_at"],
                condition=models.Q(state=delivery.State.SENDING),
            ),
            models.Index(
                name="message_copies", fields=["request_key"], condition=models.Q(kind="mail")
            ),
            models.Index(
                name="message_unsettled",
                fields=["conversation"],
                condition=models.Q(state=delivery.State.UNKNOWN),
            ),
        ]


class NoticeProof(models.Model):
    """That a version of the notice reached somebody (Art. 13), kept after the message itself has gone."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.ForeignKey(numbers.Number, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=40)
    sent_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notice_proof"


class MessageChange(models.Model):
    """A reaction, an edit or a deletion; joined to its message when shown, so order cannot matter."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.ForeignKey(numbers.Number, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    provider_id = models.CharField(max_length=255)
    target = models.CharField(max_length=255)
    kind = models.CharField(max_length=12)
    value_sealed = models.BinaryField(null=True)
    outgoing = models.BooleanField(default=False)
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "message_change"
        constraints = [
            models.UniqueConstraint(
                name="message_change_once", fields=["number", "provider_id", "kind", "target"]
            ),
        ]
        indexes = [models.Index(name="message_change_target", fields=["number", "target"])]


class ParkedStatus(models.Model):
    """A status report whose message is not known yet; settled when it arrives, dropped after weeks."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.ForeignKey(numbers.Number, on_delete=models.PROTECT, related_name="+")
    provider_id = models.CharField(max_length=255)
    status = models.CharField(max_length=12)
    at = models.DateTimeField()
    failure_code = models.IntegerField(null=True)
    price_category = models.CharField(max_length=64, blank=True)
    price_kind = models.CharField(max_length=64, blank=True)
    price_billable = models.BooleanField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "parked_status"
        constraints = [
            models.UniqueConstraint(
                name="parked_status_once", fields=["number", "provider_id", "status", "at"]
            ),
        ]


class Media(models.Model):
    """A file of a message. Fetched by its own job; the message never waits for it.

    States: waiting → stored | failed | expired. `problem` is a code from the driver's own list,
    or says of a stored picture that no browser can show it.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="media")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    provider_id = models.CharField(max_length=255, blank=True)
    mime = models.CharField(max_length=127)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=12, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "media"
        constraints = [
            models.CheckConstraint(
                name="media_state_known",
                condition=models.Q(state__in=["waiting", "stored", "failed", "expired"]),
            ),
        ]


class MediaChunk(models.Model):
    """One sealed mebibyte of a file; in the database, so that a file commits with its message."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    media = models.ForeignKey(Media, on_delete=models.CASCADE, related_name="chunks")
    position = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "media_chunk"
        constraints = [
            models.UniqueConstraint(name="media_chunk_once", fields=["media", "position"]),
        ]


class SearchToken(models.Model):
    """One keyed stem of one message of one number: the blind index (decision 0008).

    Without constraint to message and organisation, since eight of them per message would cost more
    than the index: the wall checks the organisation, a trigger on `message` erases with the message.
    """

    pk = models.CompositePrimaryKey("organisation_id", "token", "message_id")
    organisation = models.ForeignKey(
        team.Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    token = models.BigIntegerField()
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )

    class Meta:
        db_table = "search_token"


class Change(models.Model):
    """That something in a conversation changed: what open pages ask for after they missed events."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "change"
        indexes = [models.Index(name="change_recent", fields=["organisation", "id"])]
