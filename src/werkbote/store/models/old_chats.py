"""Old chats (Altchats): exports of private phones and the Business app, until each is decided.

They stand apart from conversations and messages: nothing here opens a window, counts as consent or
makes somebody a contact that could be written to.
"""

from django.db import models

from werkbote.store import ids
from werkbote.store.models import cases, people, team


class OldChat(models.Model):
    """One exported chat. Everything of it is sealed with the key of `person`, made for it alone.

    `owner` is the member on whose phone it was. `title_digest` and `people_digest` are keyed hashes
    by which a later export is recognised. `own` is the place of the owner among the participants.
    `case` is the case it belongs to, where its person is known and has one.
    States: reading → open → case; a deleted chat is gone with its person.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField(people.Person, on_delete=models.CASCADE, related_name="old_chat")
    owner = models.ForeignKey(team.Member, on_delete=models.SET_NULL, null=True, related_name="+")
    title_digest = models.BinaryField(null=True)
    people_digest = models.BinaryField()
    title_sealed = models.BinaryField()
    participants_sealed = models.BinaryField()
    own = models.PositiveSmallIntegerField(null=True)
    zone = models.CharField(max_length=64)
    state = models.CharField(max_length=8, default="reading")
    retention = models.CharField(max_length=8, blank=True)
    case = models.ForeignKey(
        cases.Case, on_delete=models.SET_NULL, null=True, related_name="old_chats"
    )
    messages = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "old_chat"
        constraints = [
            models.CheckConstraint(
                name="old_chat_decided",
                condition=models.Q(state__in=["reading", "open"], retention="", decided_at=None)
                | (models.Q(state="case", decided_at__isnull=False) & ~models.Q(retention="")),
            ),
        ]
        indexes = [models.Index(name="old_chat_newest", fields=["branch", "-id"])]


class OldChatArrival(models.Model):
    """One uploaded export and what became of it. States: arriving → waiting → reading → done | failed.

    `problem` is a code from `domain.old_chats`, while waiting that the scanner is silent; `read` counts the lines that are through.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    chat = models.ForeignKey(OldChat, on_delete=models.CASCADE, null=True, related_name="arrivals")
    owner = models.ForeignKey(team.Member, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(team.Member, on_delete=models.SET_NULL, null=True, related_name="+")
    device_sealed = models.BinaryField()
    filename_sealed = models.BinaryField()
    zone = models.CharField(max_length=64)
    day_order = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=8, default="arriving")
    problem = models.CharField(max_length=24, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    report_sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "old_chat_arrival"
        constraints = [
            models.CheckConstraint(
                name="old_chat_arrival_state_known",
                condition=models.Q(state__in=["arriving", "waiting", "reading", "done", "failed"]),
            ),
        ]


class OldChatPage(models.Model):
    """Some hundred messages of a chat, in its order, sealed as one JSON list."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    chat = models.ForeignKey(OldChat, on_delete=models.CASCADE, related_name="pages")
    arrival = models.ForeignKey(OldChatArrival, on_delete=models.CASCADE, related_name="+")
    messages = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "old_chat_page"


class OldChatFile(models.Model):
    """A file of an export: the export itself while it is read, then what was attached."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    arrival = models.ForeignKey(OldChatArrival, on_delete=models.CASCADE, related_name="+")
    chat = models.ForeignKey(OldChat, on_delete=models.CASCADE, null=True, related_name="+")
    name_digest = models.BinaryField(null=True)
    name_sealed = models.BinaryField(null=True)
    mime = models.CharField(max_length=127, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "old_chat_file"
        constraints = [
            models.UniqueConstraint(
                name="old_chat_file_once", fields=["chat", "name_digest", "size"]
            ),
        ]


class OldChatPiece(models.Model):
    """One sealed mebibyte of such a file."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(OldChatFile, on_delete=models.CASCADE, related_name="pieces")
    position = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "old_chat_piece"
        constraints = [
            models.UniqueConstraint(name="old_chat_piece_once", fields=["file", "position"]),
        ]
