"""The tables and walls as thirty-three steps had left them, made in one.

An installation that has taken all of those steps counts as having taken this one; one that stopped
on the way is told so before anything is changed (config/schema.py).
"""

import django.db.models.deletion
import werkbote.domain.cases.states
import werkbote.domain.delivery
import werkbote.domain.desk.states
import werkbote.domain.law
import werkbote.domain.privacy.erasure
import werkbote.store.ids
from django.conf import settings
from django.db import migrations, models

from werkbote.store.migrations import _at_once, _walls


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("store", "0001_backbone"),
        ("store", "0002_walls"),
        ("store", "0003_consent"),
        ("store", "0004_sealed_ids"),
        ("store", "0005_erasure_mark"),
        ("store", "0006_erasure"),
        ("store", "0007_cases"),
        ("store", "0008_consent_ways"),
        ("store", "0009_access"),
        ("store", "0010_mail"),
        ("store", "0011_requests"),
        ("store", "0012_consent_scan"),
        ("store", "0013_shared_pace"),
        ("store", "0014_keep_bodies"),
        ("store", "0015_old_chats"),
        ("store", "0016_desk"),
        ("store", "0017_breaches"),
        ("store", "0018_key_rotation"),
        ("store", "0019_interfaces"),
        ("store", "0020_house_rules"),
        ("store", "0021_sweep"),
        ("store", "0022_contact"),
        ("store", "0023_rights"),
        ("store", "0024_person_language"),
        ("store", "0025_search_names"),
        ("store", "0026_proposed_merges"),
        ("store", "0027_push"),
        ("store", "0028_newest_first"),
        ("store", "0029_number_setup"),
        ("store", "0030_composing"),
        ("store", "0031_retention"),
        ("store", "0032_lock_minutes"),
        ("store", "0033_unassigned"),
    ]
    dependencies = []

    operations = [
        _at_once.CreateModels(
            [
                migrations.CreateModel(
                    name="Member",
                    fields=[
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("email_hash", models.BinaryField(unique=True)),
                        ("email_sealed", models.BinaryField()),
                        ("name_sealed", models.BinaryField()),
                        ("language", models.CharField(default="de", max_length=2)),
                        ("role", models.CharField(max_length=16)),
                        ("is_active", models.BooleanField(default=True)),
                        ("failed_logins", models.PositiveSmallIntegerField(default=0)),
                        ("locked_until", models.DateTimeField(null=True)),
                        (
                            "leaves_private_whatsapp",
                            models.BooleanField(db_default=False, default=False),
                        ),
                        ("created_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "member",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["de", "en"])),
                                name="member_language_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Branch",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("name_sealed", models.BinaryField()),
                        ("legal_entity_sealed", models.BinaryField()),
                        ("state_code", models.CharField(max_length=2)),
                        ("created_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "branch",
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("message_ref", models.BigIntegerField()),
                        ("permitted", models.BooleanField()),
                        ("purpose", models.CharField(blank=True, max_length=8)),
                        ("basis", models.CharField(blank=True, max_length=120)),
                        ("rule", models.CharField(blank=True, max_length=64)),
                        ("article", models.CharField(blank=True, max_length=200)),
                        ("sentence_de", models.TextField(blank=True)),
                        ("sentence_en", models.TextField(blank=True)),
                        ("remedy", models.CharField(blank=True, max_length=40)),
                        ("retry_at", models.DateTimeField(null=True)),
                        ("evidence", models.JSONField(default=list)),
                        ("policy_version", models.CharField(max_length=40)),
                        ("decided_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "decision",
                        "indexes": [
                            models.Index(fields=["message_ref"], name="decision_of_message")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("permitted", True), models.Q(("basis", ""), _negated=True)
                                    ),
                                    models.Q(
                                        ("permitted", False), models.Q(("rule", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="decision_has_a_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Organisation",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("name_sealed", models.BinaryField()),
                        ("key_name", models.CharField(max_length=40)),
                        ("key_wrapped", models.BinaryField()),
                        ("index_wrapped", models.BinaryField()),
                        ("other_wrapped", models.BinaryField(null=True)),
                        (
                            "rotation",
                            models.CharField(blank=True, db_default="", default="", max_length=12),
                        ),
                        (
                            "lock_minutes",
                            models.PositiveSmallIntegerField(db_default=15, default=15),
                        ),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "organisation",
                    },
                ),
                migrations.CreateModel(
                    name="Breach",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=24)),
                        ("state", models.CharField(default="open", max_length=12)),
                        ("risk", models.CharField(default="open", max_length=8)),
                        ("aware_at", models.DateTimeField()),
                        ("happened_at", models.DateTimeField(null=True)),
                        ("people_count", models.PositiveIntegerField(default=0)),
                        ("records_count", models.PositiveIntegerField(default=0)),
                        ("told_at", models.DateTimeField(null=True)),
                        ("informed_at", models.DateTimeField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("body_sealed", models.BinaryField()),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "breach",
                        "indexes": [
                            models.Index(
                                fields=["organisation", "-aware_at"], name="breach_register"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["open", "assessed", "reported", "closed"])
                                ),
                                name="breach_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("risk__in", ["open", "none", "some", "high"])),
                                name="breach_risk_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        models.Q(("risk", "open"), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="breach_closed_when_decided",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=16)),
                        (
                            "state",
                            models.CharField(
                                default=werkbote.domain.cases.states.State["OPEN"], max_length=8
                            ),
                        ),
                        ("contract", models.CharField(blank=True, max_length=8)),
                        ("title_sealed", models.BinaryField()),
                        ("due_at", models.DateTimeField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cases",
                                to="store.person",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="store.team",
                            ),
                        ),
                        (
                            "vehicle",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="cases",
                                to="store.vehicle",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "customer_case",
                        "indexes": [
                            models.Index(
                                fields=["branch", "state", "-changed_at", "-id"], name="case_latest"
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None), ("due_at__isnull", False)),
                                fields=["branch", "due_at"],
                                name="case_due",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at__isnull", False)),
                                fields=["organisation", "closed_at"],
                                name="case_ended",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "inquiry",
                                            "appointment",
                                            "repair_order",
                                            "parts_order",
                                            "purchase",
                                            "lead",
                                            "test_drive",
                                            "complaint",
                                            "accident",
                                            "contact_request",
                                            "rights_request",
                                        ],
                                    )
                                ),
                                name="case_kind_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("contract__in", ["yes", "no", "unknown"]),
                                        ("state", werkbote.domain.cases.states.State["CLOSED"]),
                                    ),
                                    models.Q(
                                        ("closed_at__isnull", True),
                                        ("contract", ""),
                                        (
                                            "state__in",
                                            [
                                                werkbote.domain.cases.states.State["OPEN"],
                                                werkbote.domain.cases.states.State["WAITING"],
                                            ],
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_closed_with_an_answer",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conversation",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("last_inbound_at", models.DateTimeField(null=True)),
                        ("last_call_at", models.DateTimeField(null=True)),
                        ("last_message_at", models.DateTimeField(null=True)),
                        ("last_received_at", models.DateTimeField(null=True)),
                        ("seen_at", models.DateTimeField(null=True)),
                        ("pair_clear_at", models.DateTimeField(null=True)),
                        (
                            "state",
                            models.CharField(
                                db_default="open",
                                default=werkbote.domain.desk.states.State["OPEN"],
                                max_length=8,
                            ),
                        ),
                        ("waiting_since", models.DateTimeField(null=True)),
                        ("snoozed_until", models.DateTimeField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("outcome", models.CharField(blank=True, db_default="", max_length=16)),
                        ("spam_at", models.DateTimeField(null=True)),
                        ("blocked_at", models.DateTimeField(null=True)),
                        ("absence_told_at", models.DateTimeField(null=True)),
                        ("window_nudged_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.number",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="conversations",
                                to="store.person",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="store.team",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "conversation",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("owner__isnull", False)),
                                fields=["owner", "-last_message_at", "-id"],
                                name="conversation_owned",
                            ),
                            models.Index(
                                fields=["number", "-last_message_at", "-id"],
                                name="conversation_latest",
                            ),
                            models.Index(
                                fields=["organisation", "-last_message_at", "-id"],
                                name="conversation_newest",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("owner", None),
                                    ("spam_at", None),
                                    ("state", werkbote.domain.desk.states.State["OPEN"]),
                                ),
                                fields=["organisation", "-last_message_at", "-id"],
                                name="conversation_unassigned",
                            ),
                            models.Index(
                                condition=models.Q(("team__isnull", False)),
                                fields=["team", "-last_message_at", "-id"],
                                name="conversation_of_team",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state", werkbote.domain.desk.states.State["SNOOZED"])
                                ),
                                fields=["organisation", "snoozed_until"],
                                name="conversation_snoozed",
                            ),
                            models.Index(
                                condition=models.Q(("waiting_since__isnull", False)),
                                fields=["organisation", "last_inbound_at"],
                                name="conversation_waiting",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at__isnull", True),
                                        ("snoozed_until__isnull", True),
                                        ("state", werkbote.domain.desk.states.State["OPEN"]),
                                    ),
                                    models.Q(
                                        ("closed_at__isnull", True),
                                        ("snoozed_until__isnull", False),
                                        ("state", werkbote.domain.desk.states.State["SNOOZED"]),
                                    ),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("snoozed_until__isnull", True),
                                        ("state", werkbote.domain.desk.states.State["CLOSED"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="conversation_state_fits",
                            ),
                            models.UniqueConstraint(
                                fields=("number", "person"), name="conversation_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ErasureRun",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("subject", models.BigIntegerField()),
                        ("scope", models.CharField(default="person", max_length=16)),
                        ("trigger", models.CharField(max_length=16)),
                        ("request_ref", models.BigIntegerField(null=True)),
                        ("identified_by", models.CharField(blank=True, max_length=24)),
                        (
                            "state",
                            models.CharField(
                                default=werkbote.domain.privacy.erasure.State["READY"], max_length=8
                            ),
                        ),
                        (
                            "stop",
                            models.CharField(
                                default=werkbote.domain.privacy.erasure.Stop["KEEP"], max_length=8
                            ),
                        ),
                        ("preview", models.JSONField(default=dict)),
                        ("blocks", models.JSONField(default=list)),
                        ("targets_sealed", models.BinaryField(null=True)),
                        ("asked_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(null=True)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("claimed_at", models.DateTimeField(null=True)),
                        ("erased_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("next_at", models.DateTimeField(null=True)),
                        ("attempts", models.PositiveIntegerField(default=0)),
                        ("problem", models.CharField(blank=True, max_length=40)),
                        ("keys_destroyed", models.JSONField(default=list)),
                        ("protocol", models.JSONField(null=True)),
                        ("digest", models.CharField(blank=True, max_length=64)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "erasure_run",
                        "indexes": [
                            models.Index(
                                fields=["organisation", "-asked_at"], name="erasure_run_latest"
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["ready", "running", "failed"])),
                                fields=["organisation", "next_at"],
                                name="erasure_run_due",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            werkbote.domain.privacy.erasure.State["FAILED"],
                                            werkbote.domain.privacy.erasure.State["HELD"],
                                            werkbote.domain.privacy.erasure.State["READY"],
                                            werkbote.domain.privacy.erasure.State["RUNNING"],
                                            werkbote.domain.privacy.erasure.State["WAITING"],
                                        ],
                                    )
                                ),
                                fields=("organisation", "subject"),
                                name="erasure_run_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "waiting",
                                            "ready",
                                            "running",
                                            "failed",
                                            "held",
                                            "done",
                                            "refused",
                                        ],
                                    )
                                ),
                                name="erasure_run_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", werkbote.domain.privacy.erasure.State["DONE"]),
                                        _negated=True,
                                    ),
                                    models.Q(
                                        ("protocol__isnull", False),
                                        ("targets_sealed__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="erasure_run_done_has_protocol",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("outgoing", models.BooleanField()),
                        ("provider_id", models.CharField(max_length=255, null=True)),
                        ("provider_sealed", models.BinaryField(null=True)),
                        ("kind", models.CharField(max_length=16)),
                        ("body", models.BinaryField()),
                        ("at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        ("reply_to", models.CharField(blank=True, max_length=255)),
                        ("forwarded", models.BooleanField(default=False)),
                        ("historic", models.BooleanField(default=False)),
                        (
                            "state",
                            models.CharField(
                                default=werkbote.domain.delivery.State["RECEIVED"], max_length=12
                            ),
                        ),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("delivered_at", models.DateTimeField(null=True)),
                        ("read_at", models.DateTimeField(null=True)),
                        ("failed_at", models.DateTimeField(null=True)),
                        ("failure_code", models.IntegerField(null=True)),
                        ("priced_at", models.DateTimeField(null=True)),
                        ("notice_version", models.CharField(blank=True, max_length=40)),
                        ("purpose", models.CharField(blank=True, max_length=8)),
                        (
                            "role",
                            models.CharField(
                                db_default="plain",
                                default=werkbote.domain.law.Role["PLAIN"],
                                max_length=24,
                            ),
                        ),
                        ("ground", models.CharField(blank=True, db_default="", max_length=80)),
                        ("archived_at", models.DateTimeField(null=True)),
                        ("tag", models.CharField(blank=True, db_default="", max_length=24)),
                        ("request_key", models.CharField(max_length=64, null=True)),
                        ("priority", models.PositiveSmallIntegerField(default=5)),
                        ("due_at", models.DateTimeField(null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("claimed_at", models.DateTimeField(null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="messages",
                                to="store.case",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="store.conversation",
                            ),
                        ),
                        (
                            "permit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.decision",
                            ),
                        ),
                        (
                            "refusal",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.decision",
                            ),
                        ),
                        (
                            "tagged_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.number",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "message",
                        "indexes": [
                            models.Index(
                                fields=["conversation", "-at", "-id"], name="message_thread"
                            ),
                            models.Index(
                                condition=models.Q(("case__isnull", False)),
                                fields=["case", "-at", "-id"],
                                name="message_case",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state", werkbote.domain.delivery.State["SENDING"])
                                ),
                                fields=["claimed_at"],
                                name="message_on_the_way",
                            ),
                            models.Index(
                                condition=models.Q(("kind", "mail")),
                                fields=["request_key"],
                                name="message_copies",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state", werkbote.domain.delivery.State["UNKNOWN"])
                                ),
                                fields=["conversation"],
                                name="message_unsettled",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state", werkbote.domain.delivery.State["QUEUED"])
                                ),
                                fields=["number", "priority", "due_at", "id"],
                                name="message_waiting",
                            ),
                            models.Index(
                                condition=models.Q(("tag", ""), _negated=True),
                                fields=["organisation", "tag"],
                                name="message_tagged",
                            ),
                            models.Index(
                                condition=models.Q(("archived_at__isnull", False)),
                                fields=["organisation", "-at", "-id"],
                                name="message_archived",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conversation", "request_key"), name="message_request_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "received",
                                            "queued",
                                            "refused",
                                            "sending",
                                            "unknown",
                                            "sent",
                                            "delivered",
                                            "read",
                                            "failed",
                                            "cancelled",
                                        ],
                                    )
                                ),
                                name="message_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "state__in",
                                            [
                                                werkbote.domain.delivery.State["DELIVERED"],
                                                werkbote.domain.delivery.State["FAILED"],
                                                werkbote.domain.delivery.State["READ"],
                                                werkbote.domain.delivery.State["SENDING"],
                                                werkbote.domain.delivery.State["SENT"],
                                                werkbote.domain.delivery.State["UNKNOWN"],
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    ("permit__isnull", False),
                                    _connector="OR",
                                ),
                                name="message_beyond_queue_has_permit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", werkbote.domain.delivery.State["REFUSED"]),
                                        _negated=True,
                                    ),
                                    ("refusal__isnull", False),
                                    _connector="OR",
                                ),
                                name="message_refused_has_refusal",
                            ),
                            models.UniqueConstraint(
                                fields=("number", "provider_id"), name="message_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Media",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("provider_id", models.CharField(blank=True, max_length=255)),
                        ("mime", models.CharField(max_length=127)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        ("size", models.PositiveBigIntegerField(default=0)),
                        ("state", models.CharField(default="waiting", max_length=12)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("problem", models.CharField(blank=True, max_length=32)),
                        ("created_at", models.DateTimeField()),
                        (
                            "message",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="media",
                                to="store.message",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "media",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["waiting", "stored", "failed", "expired"])
                                ),
                                name="media_state_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Number",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("channel", models.CharField(default="whatsapp", max_length=16)),
                        ("phone_number_id", models.CharField(max_length=64, unique=True)),
                        ("account_id", models.CharField(max_length=64)),
                        ("phone_sealed", models.BinaryField()),
                        ("label_sealed", models.BinaryField()),
                        ("token_sealed", models.BinaryField()),
                        ("app_secret_sealed", models.BinaryField()),
                        ("app_secret_previous_sealed", models.BinaryField(null=True)),
                        ("verify_token_sealed", models.BinaryField()),
                        ("pin_sealed", models.BinaryField(null=True)),
                        ("hook_slug", models.CharField(max_length=64, unique=True)),
                        ("graph_url", models.CharField(max_length=200)),
                        ("graph_version", models.CharField(default="v23.0", max_length=8)),
                        ("per_second", models.PositiveIntegerField(default=80)),
                        ("pace", models.JSONField(default=dict)),
                        ("paused_until", models.DateTimeField(null=True)),
                        ("paused_code", models.IntegerField(null=True)),
                        ("agreement_at", models.DateField(null=True)),
                        ("quality", models.CharField(blank=True, max_length=16)),
                        ("tier", models.CharField(blank=True, max_length=32)),
                        ("throughput", models.CharField(blank=True, db_default="", max_length=16)),
                        ("storage_region", models.CharField(blank=True, max_length=8)),
                        ("created_at", models.DateTimeField()),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="numbers",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "number",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("per_second__gte", 1)),
                                name="number_pace_possible",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OldChat",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("title_digest", models.BinaryField(null=True)),
                        ("people_digest", models.BinaryField()),
                        ("title_sealed", models.BinaryField()),
                        ("participants_sealed", models.BinaryField()),
                        ("own", models.PositiveSmallIntegerField(null=True)),
                        ("zone", models.CharField(max_length=64)),
                        ("state", models.CharField(default="reading", max_length=8)),
                        ("retention", models.CharField(blank=True, max_length=8)),
                        ("messages", models.PositiveIntegerField(default=0)),
                        ("files", models.PositiveIntegerField(default=0)),
                        ("first_at", models.DateTimeField(null=True)),
                        ("last_at", models.DateTimeField(null=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="old_chats",
                                to="store.case",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="old_chat",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "old_chat",
                        "indexes": [models.Index(fields=["branch", "-id"], name="old_chat_newest")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at", None),
                                        ("retention", ""),
                                        ("state__in", ["reading", "open"]),
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("state", "case"),
                                        models.Q(("retention", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="old_chat_decided",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OldChatArrival",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("device_sealed", models.BinaryField()),
                        ("filename_sealed", models.BinaryField()),
                        ("zone", models.CharField(max_length=64)),
                        ("day_order", models.CharField(blank=True, max_length=8)),
                        ("state", models.CharField(default="arriving", max_length=8)),
                        ("problem", models.CharField(blank=True, max_length=24)),
                        ("size", models.PositiveBigIntegerField(default=0)),
                        ("lines", models.PositiveIntegerField(default=0)),
                        ("read", models.PositiveIntegerField(default=0)),
                        ("added", models.PositiveIntegerField(default=0)),
                        ("repeated", models.PositiveIntegerField(default=0)),
                        ("report_sealed", models.BinaryField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "chat",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="arrivals",
                                to="store.oldchat",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "old_chat_arrival",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        ["arriving", "waiting", "reading", "done", "failed"],
                                    )
                                ),
                                name="old_chat_arrival_state_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OldChatFile",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("name_digest", models.BinaryField(null=True)),
                        ("name_sealed", models.BinaryField(null=True)),
                        ("mime", models.CharField(blank=True, max_length=127)),
                        ("size", models.PositiveBigIntegerField(default=0)),
                        (
                            "arrival",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.oldchatarrival",
                            ),
                        ),
                        (
                            "chat",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.oldchat",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "old_chat_file",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("chat", "name_digest", "size"), name="old_chat_file_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OldChatPage",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("messages", models.PositiveIntegerField()),
                        ("sealed", models.BinaryField()),
                        (
                            "arrival",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.oldchatarrival",
                            ),
                        ),
                        (
                            "chat",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pages",
                                to="store.oldchat",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "old_chat_page",
                    },
                ),
                migrations.CreateModel(
                    name="Offboarding",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("due_on", models.DateField()),
                        ("state", models.CharField(default="open", max_length=8)),
                        ("ticks", models.JSONField(default=list)),
                        ("version", models.CharField(blank=True, max_length=16)),
                        ("signed_at", models.DateTimeField(null=True)),
                        ("name_sealed", models.BinaryField(null=True)),
                        ("digest", models.CharField(blank=True, max_length=64)),
                        ("paper_sealed", models.BinaryField(null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="offboardings",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "offboarding",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("member",),
                                name="offboarding_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("paper_sealed", None),
                                        ("signed_at", None),
                                        ("state", "open"),
                                    ),
                                    models.Q(
                                        ("paper_sealed__isnull", False),
                                        ("signed_at__isnull", False),
                                        ("state", "signed"),
                                    ),
                                    _connector="OR",
                                ),
                                name="offboarding_signed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NumberCheck",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("step", models.CharField(max_length=24)),
                        ("state", models.CharField(max_length=8)),
                        ("how", models.CharField(max_length=8)),
                        ("detail", models.CharField(blank=True, max_length=32)),
                        ("on_day", models.DateField(null=True)),
                        ("by", models.BigIntegerField(null=True)),
                        ("at", models.DateTimeField()),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="checks",
                                to="store.number",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "number_check",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("number", "step"), name="number_check_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["passed", "failed"])),
                                name="number_check_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("how", "meta"), ("on_day", None)),
                                    models.Q(
                                        ("by__isnull", False),
                                        ("how", "person"),
                                        ("on_day__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="number_check_person_dated",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Nudge",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=16)),
                        ("created_at", models.DateTimeField()),
                        ("seen_at", models.DateTimeField(null=True)),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.conversation",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="nudges",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "nudge",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("seen_at", None)),
                                fields=["member", "-created_at"],
                                name="nudge_unseen",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "assigned",
                                            "handed_over",
                                            "mentioned",
                                            "returned",
                                            "window_closing",
                                        ],
                                    )
                                ),
                                name="nudge_kind_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NotUnderstood",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("digest", models.BinaryField()),
                        ("field", models.CharField(max_length=120)),
                        ("why", models.CharField(max_length=300)),
                        ("content", models.BinaryField()),
                        ("at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        ("replayed_at", models.DateTimeField(null=True)),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.number",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "not_understood",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("number", "digest"), name="not_understood_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NewsletterIssue",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("subject", models.CharField(max_length=150)),
                        ("text", models.TextField()),
                        ("language", models.CharField(default="de", max_length=2)),
                        ("state", models.CharField(default="draft", max_length=8)),
                        ("readers", models.PositiveIntegerField(default=0)),
                        ("unsubscribed", models.PositiveIntegerField(default=0)),
                        ("created_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        ("begun_at", models.DateTimeField(null=True)),
                        ("queued_at", models.DateTimeField(null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "newsletter_issue",
                        "indexes": [
                            models.Index(
                                fields=["branch", "-begun_at", "-id"],
                                name="newsletter_issue_latest",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("begun_at__isnull", True), ("state", "draft")),
                                    models.Q(("begun_at__isnull", False), ("state", "sending")),
                                    models.Q(
                                        ("begun_at__isnull", False),
                                        ("queued_at__isnull", False),
                                        ("state", "sent"),
                                    ),
                                    _connector="OR",
                                ),
                                name="newsletter_issue_state_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Meter",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("month", models.DateField()),
                        ("category", models.CharField(max_length=64)),
                        ("kind", models.CharField(max_length=64)),
                        ("billable", models.BooleanField()),
                        ("count", models.PositiveBigIntegerField(default=0)),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.number",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "meter",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("number", "month", "category", "kind", "billable"),
                                name="meter_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="store.branch",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "membership",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("member", "branch"), name="membership_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MediaChunk",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        ("sealed", models.BinaryField()),
                        (
                            "media",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="chunks",
                                to="store.media",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "media_chunk",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("media", "position"), name="media_chunk_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Macro",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("name_sealed", models.BinaryField()),
                        ("steps_sealed", models.BinaryField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "macro",
                    },
                ),
                migrations.CreateModel(
                    name="LegalHold",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("subject", models.BigIntegerField(null=True)),
                        ("query", models.JSONField(default=dict)),
                        ("reason_sealed", models.BinaryField()),
                        ("began_at", models.DateTimeField()),
                        ("review_on", models.DateField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "legal_hold",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["organisation", "subject"],
                                name="legal_hold_open",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Label",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("name_sealed", models.BinaryField()),
                        ("colour", models.CharField(max_length=12)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "label",
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("email_sealed", models.BinaryField()),
                        ("role", models.CharField(max_length=16)),
                        ("branches", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "invited_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "invitation",
                    },
                ),
                migrations.CreateModel(
                    name="HouseRule",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("topic", models.CharField(max_length=16)),
                        ("changes", models.JSONField(default=dict)),
                        ("valid_from", models.DateField()),
                        ("reason", models.CharField(max_length=300)),
                        ("made_by", models.BigIntegerField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "house_rule",
                        "indexes": [
                            models.Index(
                                fields=["organisation", "topic", "-valid_from"],
                                name="house_rule_newest",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HookRejection",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("day", models.DateField()),
                        ("reason", models.CharField(max_length=16)),
                        ("count", models.PositiveBigIntegerField()),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.number",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "hook_rejection",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("number", "day", "reason"), name="hook_rejection_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Factor",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=8)),
                        ("secret_sealed", models.BinaryField()),
                        ("credential", models.BinaryField(null=True)),
                        ("counter", models.BigIntegerField(default=0)),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("used_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="factors",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "factor",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["totp", "passkey"])),
                                name="factor_kind_known",
                            ),
                            models.UniqueConstraint(
                                fields=("member", "credential"), name="factor_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ErasureStep",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("store", models.CharField(max_length=60)),
                        (
                            "state",
                            models.CharField(
                                default=werkbote.domain.privacy.erasure.StepState["WAITING"],
                                max_length=8,
                            ),
                        ),
                        ("count", models.PositiveBigIntegerField(default=0)),
                        ("attempts", models.PositiveIntegerField(default=0)),
                        ("problem", models.CharField(blank=True, max_length=40)),
                        ("done_at", models.DateTimeField(null=True)),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="store.erasurerun",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "erasure_step",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "store"), name="erasure_step_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ErasureMark",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("subject_ref", models.BigIntegerField()),
                        ("scope", models.CharField(max_length=32)),
                        ("announced_at", models.DateTimeField()),
                        ("settled_at", models.DateTimeField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "erasure_mark",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("settled_at__isnull", True)),
                                fields=("organisation", "subject_ref", "scope"),
                                name="erasure_mark_one_open",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("device", models.CharField(max_length=60)),
                        ("strong", models.BooleanField()),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entries",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "entry",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["member"],
                                name="entry_open",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConversationLabel",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="labels",
                                to="store.conversation",
                            ),
                        ),
                        (
                            "label",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.label",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "conversation_label",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conversation", "label"), name="conversation_label_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConversationEvent",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=24)),
                        ("target", models.BigIntegerField(null=True)),
                        ("value", models.CharField(blank=True, max_length=24)),
                        ("at", models.DateTimeField()),
                        (
                            "actor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="events",
                                to="store.conversation",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "conversation_event",
                        "indexes": [
                            models.Index(
                                fields=["conversation", "-at", "-id"],
                                name="conversation_event_latest",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "assigned",
                                            "unassigned",
                                            "team",
                                            "handed_over",
                                            "labelled",
                                            "unlabelled",
                                            "snoozed",
                                            "returned",
                                            "closed",
                                            "reopened",
                                            "noted",
                                            "blocked",
                                            "unblocked",
                                            "spam",
                                            "no_spam",
                                            "exported",
                                            "absence_told",
                                            "window_closing",
                                            "asked_satisfaction",
                                            "satisfaction",
                                        ],
                                    )
                                ),
                                name="conversation_event_kind_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsentWay",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("code", models.CharField(max_length=24)),
                        ("keyword", models.CharField(max_length=60)),
                        ("title", models.CharField(blank=True, db_default="", max_length=60)),
                        ("purposes", models.JSONField(default=list)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "consent_way",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "code"), name="consent_way_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsentEvent",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveBigIntegerField()),
                        ("key", models.CharField(max_length=120)),
                        ("record", models.CharField(max_length=40)),
                        ("person_ref", models.BigIntegerField()),
                        ("purpose", models.CharField(max_length=8)),
                        ("entity", models.BigIntegerField()),
                        ("deed", models.CharField(max_length=24)),
                        ("occurred_at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField()),
                        ("by", models.CharField(max_length=40)),
                        ("from_number", models.BooleanField()),
                        ("evidence_digest", models.CharField(blank=True, max_length=64)),
                        ("previous", models.CharField(max_length=64)),
                        ("hash", models.CharField(max_length=64)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "consent_event",
                        "indexes": [
                            models.Index(
                                fields=["person_ref", "purpose", "entity"],
                                name="consent_event_history",
                            ),
                            models.Index(fields=["record"], name="consent_event_record"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "position"), name="consent_event_position"
                            ),
                            models.UniqueConstraint(
                                fields=("organisation", "key"), name="consent_event_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "deed__in",
                                        [
                                            "offered",
                                            "ignored",
                                            "declined",
                                            "requested",
                                            "confirmed",
                                            "lapsed",
                                            "imported",
                                            "used",
                                            "refresh_fell_due",
                                            "reconfirmed",
                                            "expired",
                                            "text_changed",
                                            "number_changed",
                                            "wrong_number",
                                            "minor_suspected",
                                            "evidence_defect",
                                            "paused",
                                            "reverified",
                                            "withdrawn",
                                            "meta_stopped",
                                            "meta_resumed",
                                            "objected",
                                        ],
                                    )
                                ),
                                name="consent_event_deed_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Change",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.conversation",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "change",
                        "indexes": [
                            models.Index(fields=["organisation", "id"], name="change_recent")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BranchHours",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("week", models.JSONField(default=dict)),
                        ("keeps_holidays", models.BooleanField(default=True)),
                        ("tells_absence", models.BooleanField(default=False)),
                        ("absence_sealed", models.BinaryField()),
                        ("reply_minutes", models.PositiveIntegerField(null=True)),
                        ("asks_satisfaction", models.BooleanField(default=False)),
                        ("changed_at", models.DateTimeField()),
                        (
                            "branch",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="hours",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "branch_hours",
                    },
                ),
                migrations.CreateModel(
                    name="BranchDetails",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("body_sealed", models.BinaryField()),
                        ("changed_at", models.DateTimeField()),
                        (
                            "branch",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="details",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "branch_details",
                    },
                ),
                migrations.CreateModel(
                    name="BranchClosed",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("first", models.DateField()),
                        ("last", models.DateField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="closed",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "branch_closed",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("last__gte", models.F("first"))),
                                name="branch_closed_in_order",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AutomationRule",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("name_sealed", models.BinaryField()),
                        ("trigger", models.CharField(max_length=16)),
                        ("body_sealed", models.BinaryField()),
                        ("active", models.BooleanField(default=False)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "branch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "automation_rule",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("trigger__in", ["message", "first_message", "closed"])
                                ),
                                name="automation_rule_trigger_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveBigIntegerField()),
                        ("at", models.DateTimeField()),
                        ("actor", models.CharField(max_length=40)),
                        ("verb", models.CharField(max_length=60)),
                        ("object", models.CharField(max_length=80)),
                        ("detail", models.JSONField(default=dict)),
                        ("previous", models.BinaryField()),
                        ("hash", models.BinaryField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "audit_entry",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "position"), name="audit_entry_position"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditCut",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveBigIntegerField()),
                        ("hash", models.BinaryField()),
                        ("at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "audit_cut",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "position"), name="audit_cut_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Acknowledgement",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("version", models.CharField(max_length=40)),
                        ("at", models.DateTimeField()),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="acknowledgements",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "acknowledgement",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("member", "version"), name="acknowledgement_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountNews",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("digest", models.BinaryField()),
                        ("field", models.CharField(max_length=120)),
                        ("event", models.CharField(blank=True, max_length=120)),
                        ("content", models.BinaryField()),
                        ("at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.number",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "account_news",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("number", "digest"), name="account_news_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccessPackage",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("request_ref", models.BigIntegerField()),
                        ("state", models.CharField(default="review", max_length=10)),
                        ("redactions", models.JSONField(default=dict)),
                        ("manifest_digest", models.CharField(blank=True, max_length=64)),
                        ("size", models.PositiveBigIntegerField(default=0)),
                        ("token_digest", models.BinaryField(null=True)),
                        ("code_digest", models.BinaryField(null=True)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("downloaded_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "access_package",
                        "indexes": [
                            models.Index(fields=["token_digest"], name="access_package_token")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("request_ref",), name="access_package_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PackageChunk",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        ("sealed", models.BinaryField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "package",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="chunks",
                                to="store.accesspackage",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "package_chunk",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("package", "position"), name="package_chunk_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParkedStatus",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("provider_id", models.CharField(max_length=255)),
                        ("status", models.CharField(max_length=12)),
                        ("at", models.DateTimeField()),
                        ("failure_code", models.IntegerField(null=True)),
                        ("price_category", models.CharField(blank=True, max_length=64)),
                        ("price_kind", models.CharField(blank=True, max_length=64)),
                        ("price_billable", models.BooleanField(null=True)),
                        ("received_at", models.DateTimeField()),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.number",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "parked_status",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("number", "provider_id", "status", "at"),
                                name="parked_status_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Person",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("key_wrapped", models.BinaryField()),
                        ("name_sealed", models.BinaryField(null=True)),
                        ("source", models.CharField(max_length=32)),
                        ("language", models.CharField(db_default="", default="", max_length=2)),
                        ("restricted_at", models.DateTimeField(null=True)),
                        ("minor_suspected_at", models.DateTimeField(null=True)),
                        ("wrong_number_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "merged_into",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "person",
                    },
                ),
                migrations.CreateModel(
                    name="NoticeProof",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("version", models.CharField(max_length=40)),
                        ("sent_at", models.DateTimeField()),
                        ("delivered_at", models.DateTimeField(null=True)),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.number",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "notice_proof",
                    },
                ),
                migrations.CreateModel(
                    name="Note",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("body_sealed", models.BinaryField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="store.conversation",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "note",
                        "indexes": [
                            models.Index(fields=["conversation", "-created_at"], name="note_latest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NameToken",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("token", models.BigIntegerField()),
                        (
                            "case",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.case",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "name_token",
                        "indexes": [
                            models.Index(fields=["organisation", "token"], name="name_token_found")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MessageDraft",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("body_sealed", models.BinaryField()),
                        ("changed_at", models.DateTimeField()),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="store.conversation",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "message_draft",
                        "indexes": [
                            models.Index(
                                fields=["organisation", "changed_at"], name="message_draft_age"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conversation", "member"), name="message_draft_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MessageChange",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("provider_id", models.CharField(max_length=255)),
                        ("target", models.CharField(max_length=255)),
                        ("kind", models.CharField(max_length=12)),
                        ("value_sealed", models.BinaryField(null=True)),
                        ("outgoing", models.BooleanField(default=False)),
                        ("at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.conversation",
                            ),
                        ),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.number",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "message_change",
                        "indexes": [
                            models.Index(fields=["number", "target"], name="message_change_target")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("number", "provider_id", "kind", "target"),
                                name="message_change_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdentityReview",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=32)),
                        ("provider_id", models.CharField(max_length=255)),
                        ("state", models.CharField(default="open", max_length=16)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "current",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                        (
                            "previous",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "identity_review",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "kind", "provider_id"),
                                name="identity_review_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("state", "open")),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("state__in", ["accepted", "rejected"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="identity_review_decided",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Identity",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("scheme", models.CharField(max_length=16)),
                        ("fingerprint", models.BinaryField()),
                        ("value_sealed", models.BinaryField()),
                        ("replaced_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="identities",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "identity",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "scheme", "fingerprint"),
                                name="identity_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactRequest",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=12)),
                        ("body", models.BinaryField()),
                        ("proof", models.CharField(max_length=8)),
                        ("state", models.CharField(max_length=12)),
                        ("created_at", models.DateTimeField()),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.case",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "contact_request",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["branch", "created_at"],
                                name="contact_request_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at__isnull", True), ("state", "open")),
                                    models.Q(("answered_at__isnull", False), ("state", "answered")),
                                    _connector="OR",
                                ),
                                name="contact_request_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("proof__in", ["work", "wait"])),
                                name="contact_request_proof_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["contact", "demo", "callback"])),
                                name="contact_request_kind_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsentTask",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=16)),
                        ("answer", models.CharField(blank=True, max_length=24)),
                        ("created_at", models.DateTimeField()),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.message",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "consent_task",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("answered_at", None)),
                                fields=["organisation", "created_at"],
                                name="consent_task_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("message", "kind"), name="consent_task_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsentScan",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("record", models.CharField(max_length=40)),
                        ("mime", models.CharField(max_length=40)),
                        ("body", models.BinaryField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "consent_scan",
                    },
                ),
                migrations.CreateModel(
                    name="ConsentEvidence",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("body", models.BinaryField()),
                        (
                            "event",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evidence",
                                to="store.consentevent",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "consent_evidence",
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("purpose", models.CharField(max_length=8)),
                        ("state", models.CharField(max_length=16)),
                        ("record", models.CharField(blank=True, max_length=40)),
                        ("since", models.DateTimeField(null=True)),
                        ("requested_at", models.DateTimeField(null=True)),
                        ("granted_at", models.DateTimeField(null=True)),
                        ("last_used_at", models.DateTimeField(null=True)),
                        ("asked_from_number", models.BooleanField(default=False)),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="consents",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "consent",
                        "indexes": [
                            models.Index(
                                fields=["branch", "purpose", "state"], name="consent_granted"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "purpose", "branch"), name="consent_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "unknown",
                                            "offered",
                                            "declined",
                                            "pending",
                                            "lapsed",
                                            "granted",
                                            "refresh_due",
                                            "expired",
                                            "superseded",
                                            "frozen",
                                            "withdrawn",
                                            "objected",
                                        ],
                                    )
                                ),
                                name="consent_state_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BreachPerson",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "breach",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="people",
                                to="store.breach",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "breach_person",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("breach", "person"), name="breach_person_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PersonRequest",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("subject", models.BigIntegerField(null=True)),
                        ("message_ref", models.BigIntegerField(null=True)),
                        ("kind", models.CharField(max_length=12)),
                        ("channel", models.CharField(max_length=12)),
                        ("state", models.CharField(max_length=10)),
                        ("said_sealed", models.BinaryField(null=True)),
                        ("reason_sealed", models.BinaryField(null=True)),
                        ("received_on", models.DateField()),
                        ("due_on", models.DateField()),
                        ("extended_on", models.DateField(null=True)),
                        ("identified_by", models.CharField(blank=True, max_length=16)),
                        ("identified_at", models.DateTimeField(null=True)),
                        ("proof", models.JSONField(db_default=[], default=list)),
                        ("code_digest", models.BinaryField(null=True)),
                        ("changes_sealed", models.BinaryField(null=True)),
                        ("notices", models.JSONField(db_default=[], default=list)),
                        ("reminded", models.PositiveSmallIntegerField(db_default=0, default=0)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("result", models.JSONField(default=dict)),
                        ("created_at", models.DateTimeField()),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "person_request",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("answered_at", None)),
                                fields=["organisation", "due_on"],
                                name="person_request_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("message_ref__isnull", False)),
                                fields=("organisation", "message_ref", "kind"),
                                name="person_request_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PublishedNotice",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("language", models.CharField(max_length=2)),
                        ("version", models.CharField(max_length=40)),
                        ("body_sealed", models.BinaryField()),
                        ("published_at", models.DateTimeField()),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "published_notice",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("branch", "language", "version"),
                                name="published_notice_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PushDevice",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("digest", models.BinaryField()),
                        ("sealed", models.BinaryField()),
                        ("told_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="push_device",
                                to="store.entry",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="push_devices",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "push_device",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "digest"), name="push_device_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecoveryCode",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("digest", models.BinaryField()),
                        ("used_at", models.DateTimeField(null=True)),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recovery_codes",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "recovery_code",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("member", "digest"), name="recovery_code_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RetentionMark",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("day", models.DateField()),
                        ("rule", models.CharField(max_length=8)),
                        ("name", models.CharField(db_default="", default="", max_length=24)),
                        ("state", models.CharField(default="running", max_length=8)),
                        ("stock", models.PositiveBigIntegerField(default=0)),
                        ("due", models.PositiveBigIntegerField(default=0)),
                        ("done", models.PositiveBigIntegerField(default=0)),
                        ("held", models.PositiveBigIntegerField(default=0)),
                        ("oldest", models.DateTimeField(null=True)),
                        ("began_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "retention_mark",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "day", "rule", "name"),
                                name="retention_mark_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["running", "braked", "done"])),
                                name="retention_mark_state_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SearchToken",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "organisation_id",
                                "token",
                                "message_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("token", models.BigIntegerField()),
                        (
                            "message",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.message",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "search_token",
                    },
                ),
                migrations.CreateModel(
                    name="Subscription",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("url_sealed", models.BinaryField()),
                        ("secret_sealed", models.BinaryField()),
                        ("told", models.BigIntegerField(default=0)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("failing_since", models.DateTimeField(null=True)),
                        ("problem", models.CharField(blank=True, max_length=40)),
                        ("due_at", models.DateTimeField()),
                        ("created_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="subscriptions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "subscription",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["due_at"],
                                name="subscription_due",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Suppression",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("fingerprint", models.BinaryField()),
                        ("scope", models.CharField(max_length=16)),
                        ("reason", models.CharField(max_length=32)),
                        ("created_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "suppression",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "fingerprint", "scope"),
                                name="suppression_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("scope__in", ["advertising", "everything"])),
                                name="suppression_scope_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaxAudit",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField()),
                        ("open_until", models.DateField()),
                        ("set_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "set_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "tax_audit",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "year"), name="tax_audit_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=16)),
                        ("name_sealed", models.BinaryField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="teams",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "team",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ["service", "sales", "parts", "other"])
                                ),
                                name="team_kind_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CannedReply",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("name_sealed", models.BinaryField()),
                        ("text_sealed", models.BinaryField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        (
                            "branch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.branch",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.team",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "canned_reply",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("team__isnull", True),
                                    ("branch__isnull", False),
                                    _connector="OR",
                                ),
                                name="canned_reply_team_has_branch",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamMembership",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="team_memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="store.team",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "team_membership",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("member", "team"), name="team_membership_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Template",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("account_id", models.CharField(max_length=64)),
                        ("provider_id", models.CharField(blank=True, max_length=64)),
                        ("name", models.CharField(max_length=512)),
                        ("language", models.CharField(max_length=16)),
                        ("status", models.CharField(max_length=32)),
                        ("category", models.CharField(blank=True, max_length=32)),
                        ("purpose", models.CharField(blank=True, max_length=8)),
                        ("quality", models.CharField(blank=True, max_length=16)),
                        ("reason", models.CharField(blank=True, max_length=64)),
                        ("components", models.JSONField(default=list)),
                        ("changed", models.JSONField(default=dict)),
                        (
                            "edits",
                            models.JSONField(
                                db_default=models.Value([], models.JSONField()), default=list
                            ),
                        ),
                        ("submitted_at", models.DateTimeField(null=True)),
                        ("deleted_at", models.DateTimeField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "template",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "account_id", "name", "language"),
                                name="template_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Token",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("name_sealed", models.BinaryField()),
                        ("digest", models.BinaryField(unique=True)),
                        ("scopes", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tokens",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "token",
                    },
                ),
                migrations.CreateModel(
                    name="Vehicle",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("key_wrapped", models.BinaryField()),
                        ("country", models.CharField(default="D", max_length=3)),
                        ("plate_sealed", models.BinaryField(null=True)),
                        ("plate_hash", models.BinaryField(null=True)),
                        ("vin_sealed", models.BinaryField(null=True)),
                        ("vin_hash", models.BinaryField(null=True)),
                        ("details_sealed", models.BinaryField()),
                        ("hu_due_on", models.DateField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "vehicle",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("hu_due_on__isnull", False)),
                                fields=["organisation", "hu_due_on"],
                                name="vehicle_hu_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("plate_hash__isnull", False)),
                                fields=("organisation", "plate_hash"),
                                name="vehicle_plate_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("vin_hash__isnull", False)),
                                fields=("organisation", "vin_hash"),
                                name="vehicle_vin_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VehicleRole",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("role", models.CharField(max_length=8)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="vehicles",
                                to="store.person",
                            ),
                        ),
                        (
                            "vehicle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="roles",
                                to="store.vehicle",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "vehicle_role",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("vehicle", "person", "role"),
                                name="vehicle_role_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("role__in", ["holder", "driver", "client", "payer"])
                                ),
                                name="vehicle_role_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="vehicle_role_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookEvent",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("digest", models.BinaryField()),
                        ("body", models.BinaryField()),
                        ("received_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                db_default="received", default="received", max_length=8
                            ),
                        ),
                        ("problem", models.CharField(blank=True, db_default="", max_length=200)),
                        ("counts", models.JSONField(db_default={}, default=dict)),
                        ("settled_at", models.DateTimeField(null=True)),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.number",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "webhook_event",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "received")),
                                fields=["organisation", "id"],
                                name="webhook_event_waiting",
                            ),
                            models.Index(
                                condition=models.Q(("state", "dead")),
                                fields=["organisation", "id"],
                                name="webhook_event_dead",
                            ),
                            models.Index(fields=["received_at"], name="webhook_event_age"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("number", "digest"), name="webhook_event_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["received", "done", "dead"])),
                                name="webhook_event_state_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OldChatPiece",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=werkbote.store.ids.new, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        ("sealed", models.BinaryField()),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pieces",
                                to="store.oldchatfile",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="store.organisation",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "old_chat_piece",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("file", "position"), name="old_chat_piece_once"
                            )
                        ],
                    },
                ),
            ]
        ),
        migrations.RunSQL(_walls.SQL, _walls.BACK),
    ]
