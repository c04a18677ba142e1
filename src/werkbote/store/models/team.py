"""The team: organisations, their branches, the members and where they work."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from werkbote.domain import team
from werkbote.store import ids


class Organisation(models.Model):
    """One customer of this installation; never sees another. Its keys are wrapped by the installation's.

    While its key is being renewed (`rotation` says how far), `other_wrapped` is the one that only opens.
    A screen nobody touches is locked after `lock_minutes`. `export_alone`, `read_hourly` and `read_daily`
    are what it calls much (`domain.watch`).
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    name_sealed = models.BinaryField()
    key_name = models.CharField(max_length=40)
    key_wrapped = models.BinaryField()
    index_wrapped = models.BinaryField()
    other_wrapped = models.BinaryField(null=True)
    rotation = models.CharField(max_length=12, default="", blank=True, db_default="")
    lock_minutes = models.PositiveSmallIntegerField(default=15, db_default=15)
    export_alone = models.PositiveIntegerField(default=50, db_default=50)
    read_hourly = models.PositiveIntegerField(default=120, db_default=120)
    read_daily = models.PositiveIntegerField(default=400, db_default=400)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "organisation"


class Branch(models.Model):
    """A place of business (Betrieb) with its own legal entity, state and language of notices."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name_sealed = models.BinaryField()
    legal_entity_sealed = models.BinaryField()
    state_code = models.CharField(max_length=2)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "branch"


class Member(AbstractBaseUser):
    """A person who works here. Found for signing in by the keyed hash of the e-mail address.

    `leaves_private_whatsapp` is True while a declaration is asked for and not signed.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    email_hash = models.BinaryField(unique=True)
    email_sealed = models.BinaryField()
    name_sealed = models.BinaryField()
    language = models.CharField(max_length=2, default="de")
    role = models.CharField(max_length=16)
    is_active = models.BooleanField(default=True)
    failed_logins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    leaves_private_whatsapp = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "member"
        constraints = [
            models.CheckConstraint(
                name="member_language_known", condition=models.Q(language__in=["de", "en"])
            ),
        ]


class Membership(models.Model):
    """That a member works at a branch: the door to its conversations."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="memberships")
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        db_table = "membership"
        constraints = [
            models.UniqueConstraint(name="membership_once", fields=["member", "branch"]),
        ]


class Team(models.Model):
    """A team of a branch (Service, Verkauf, Teile): whom a conversation or a case is handed to.

    `kind` is one of `domain.team.TeamKind`; `name_sealed` is what the dealer calls it.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="teams")
    kind = models.CharField(max_length=16)
    name_sealed = models.BinaryField()
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "team"
        constraints = [
            models.CheckConstraint(
                name="team_kind_known",
                condition=models.Q(kind__in=[kind.value for kind in team.TeamKind]),
            ),
        ]


class TeamMembership(models.Model):
    """That a member belongs to a team: what “my team” shows them."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="team_memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        db_table = "team_membership"
        constraints = [
            models.UniqueConstraint(name="team_membership_once", fields=["member", "team"]),
        ]


class Factor(models.Model):
    """A second factor of a member: an authenticator app (TOTP) or a passkey (WebAuthn).

    `secret_sealed` is the shared secret or the credential's public key; `credential` is the keyed hash
    of a passkey's id; `counter` the last time step or signature count, so that nothing counts twice.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=8)
    secret_sealed = models.BinaryField()
    credential = models.BinaryField(null=True)
    counter = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "factor"
        constraints = [
            models.CheckConstraint(
                name="factor_kind_known", condition=models.Q(kind__in=["totp", "passkey"])
            ),
            models.UniqueConstraint(name="factor_once", fields=["member", "credential"]),
        ]


class RecoveryCode(models.Model):
    """One of ten codes for a lost second factor: a keyed hash, used once."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recovery_code"
        constraints = [
            models.UniqueConstraint(name="recovery_code_once", fields=["member", "digest"]),
        ]


class Entry(models.Model):
    """One time a member came in: a session that can be seen and ended from elsewhere.

    `device` is a word such as "Firefox, Windows"; neither address nor last visit is kept.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="entries")
    device = models.CharField(max_length=60)
    strong = models.BooleanField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "entry"
        indexes = [
            models.Index(name="entry_open", fields=["member"], condition=models.Q(ended_at=None)),
        ]


class Invitation(models.Model):
    """A place in the team that somebody may take by a link, once and for some days."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    email_sealed = models.BinaryField()
    role = models.CharField(max_length=16)
    branches = models.JSONField(default=list)
    invited_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "invitation"


class Acknowledgement(models.Model):
    """That a member has read a version of the messenger policy (Art. 29, 32(4) DSGVO)."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="acknowledgements")
    version = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "acknowledgement"
        constraints = [
            models.UniqueConstraint(name="acknowledgement_once", fields=["member", "version"]),
        ]


class Training(models.Model):
    """That a member was trained on a day, as somebody who answers for the team entered it (Art. 32(4))."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="trainings")
    topic = models.CharField(max_length=16)
    held_on = models.DateField()
    entered_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "training"
        constraints = [
            models.UniqueConstraint(name="training_once", fields=["member", "topic", "held_on"]),
        ]


class Token(models.Model):
    """A key to the API: acts with its member's rights, cut down to `scopes`, until it ends.

    `digest` is the keyed hash of the secret, which is shown once and never stored.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tokens")
    name_sealed = models.BinaryField()
    digest = models.BinaryField(unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "token"


class Subscription(models.Model):
    """A web address that is told which conversations changed; contents are fetched with a token.

    `told` is the newest change that was acknowledged. What fails is tried again from `due_at` on, and
    given up after days.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="subscriptions")
    url_sealed = models.BinaryField()
    secret_sealed = models.BinaryField()
    told = models.BigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "subscription"
        indexes = [
            models.Index(
                name="subscription_due", fields=["due_at"], condition=models.Q(ended_at=None)
            ),
        ]


class PushDevice(models.Model):
    """A browser that wants to be told of news while no page is open, as long as its session lasts.

    `digest` is the keyed hash of the endpoint; `sealed` is JSON: endpoint and the browser's keys. A
    trigger deletes it when its session ends.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="push_devices")
    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="push_device")
    digest = models.BinaryField()
    sealed = models.BinaryField()
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "push_device"
        constraints = [
            models.UniqueConstraint(name="push_device_once", fields=["organisation", "digest"]),
        ]
