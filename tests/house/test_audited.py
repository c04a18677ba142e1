"""No deed changes a permission or a setting without an entry in the audit chain.

Every model stands in one of two lists, so that a new one has to be thought about. Every public deed that
writes a permission or a setting, itself or through what it calls, must come to the chain as well.
"""

import ast
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.apps import apps

from tests.house import sources
from werkbote.domain import cases, desk
from werkbote.store import models
from werkbote.web import deed_labels

PERMISSIONS = frozenset(
    [
        "Member",
        "Membership",
        "Team",
        "TeamMembership",
        "Factor",
        "RecoveryCode",
        "Entry",
        "Invitation",
        "Token",
        "Subscription",
        "PushDevice",
    ]
)
SETTINGS = frozenset(
    [
        "Organisation",
        "Branch",
        "BranchDetails",
        "BranchHours",
        "BranchClosed",
        "PublishedNotice",
        "Number",
        "NumberCheck",
        "Template",
        "ConsentWay",
        "HouseRule",
        "Label",
        "Macro",
        "AutomationRule",
        "CannedReply",
        "LegalHold",
        "TaxAudit",
        "JointController",
        "Processor",
        "Officer",
        "RetentionMark",
        "Offboarding",
        "SupportWindow",
        "Acknowledgement",
        "Training",
    ]
)
CONTENTS = frozenset(
    [
        "AccessPackage",
        "AccountNews",
        "AuditCut",
        "AuditEntry",
        "Breach",
        "BreachPerson",
        "Case",
        "Change",
        "Consent",
        "ConsentEvent",
        "ConsentEvidence",
        "ConsentScan",
        "ConsentTask",
        "ContactRequest",
        "Conversation",
        "ConversationEvent",
        "ConversationLabel",
        "Decision",
        "ErasureMark",
        "ErasureRun",
        "ErasureStep",
        "Handout",
        "HookRejection",
        "Identity",
        "IdentityReview",
        "Media",
        "MediaChunk",
        "Message",
        "MessageChange",
        "MessageDraft",
        "Meter",
        "NameToken",
        "NewsletterIssue",
        "NotUnderstood",
        "Note",
        "NoticeProof",
        "Nudge",
        "OldChat",
        "OldChatArrival",
        "OldChatFile",
        "OldChatPage",
        "OldChatPiece",
        "PackageChunk",
        "Paper",
        "ParkedStatus",
        "Person",
        "PersonRequest",
        "ReadingHour",
        "RequestReminder",
        "UnaskedDocument",
        "SearchToken",
        "SettingNote",
        "Suppression",
        "Vehicle",
        "VehicleRole",
        "WebhookEvent",
    ]
)

SILENT = {
    "desk.absence.tell": "notes that a branch has told its hours today",
    "desk.reminding.remind": "reads a team's members",
    "house_rules.seal_reasons": "seals what was said before; no reason becomes another",
    "newsletter.issues.spread": "writes the recipients of an issue whose beginning is an entry",
    "numbers.news.keep_news": "takes over Meta's rating of a number, kept as news",
    "numbers.news.store_template_news": "takes over Meta's review of a template, kept as news",
    "numbers.setting_up.keep_pin": "stands in the transaction of its callers, which write the entry",
    "numbers.speaking.rests": "lets a number rest that Meta slowed down",
    "numbers.templates.take_over": "reads Meta's list of templates; their purposes stay as they are",
    "outbox.pacing.leave": "counts the pace of a number",
    "outbox.pacing.share": "counts the pace of a number",
    "outbox.reminding.claim_reminder": "rests a number whose mail server is another",
    "outbox.reminding.send_reminders": "rests a number whose mail server is another",
    "outbox.reminding.settle_reminder": "counts the pace of a number",
    "outbox.sending.settle": "counts the pace of a number",
    "privacy.executing.erase_again": "erases by an entry of the journal; a hold's words go with their person",
    "push.tell": "notes when a browser was told",
    "subscriptions.deliver": "notes how far a program was told",
    "team.company.enter_by_company": "notes the last sign-in; the session it opens is an entry",
    "team.entering.sign_in": "counts wrong passwords; the session it opens is an entry",
    "team.factors.begin_app": "prepares a second factor that counts once it is confirmed, which is an entry",
    "team.factors.check_code": "uses a code up; the session it opens is an entry",
    "team.factors.renew_codes": "stands in the transaction of its callers, which write the entry",
    "team.locking.check_present": "takes password or factor of the member whose screen is locked",
    "team.passkeys.check_passkey": "counts a passkey's use; the session it opens is an entry",
    "upkeep.tell_subscribers": "is the timetable's name for subscriptions.deliver",
}
"""Deeds that write such rows and may stay silent, each with its reason."""

_WRITES = frozenset(
    [
        "save",
        "create",
        "update",
        "delete",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
    ]
)
_CHAIN = frozenset({"actions.audit.record", "actions.audit.note"})
_VERB = re.compile(r"[a-z_]+\.[a-z_]+")
_BUILT = {
    *(f"desk.{event}" for event in desk.Event),
    *(f"cases.{cause}" for cause in cases.Cause),
    "privacy.approve_erasure",
    "privacy.refuse_erasure",
    "numbers.deregister",
    *(f"templates.{each}" for each in ("hand_in", "change", "delete")),
    *(f"backup.{each}_failed" for each in ("backup", "drill")),
}
"""Verbs that are put together; those of `numbers.confirm_` and `numbers.step_` come from forms."""
_FLOOR = sources.SOURCE / "werkbote"


@dataclass(slots=True)
class Function:
    """What a function names: whom it calls, which watched models it names, and which it writes.

    `loose` says that it writes a row whose model stands elsewhere (`row.save()`).
    """

    calls: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    loose: bool = False


def walked() -> Iterator[tuple[str, Function]]:
    for path in (*sources.modules(_FLOOR / "actions"), *sorted((_FLOOR / "store").glob("*.py"))):
        yield from in_file(path)


def in_file(path: Path) -> Iterator[tuple[str, Function]]:
    tree = sources.parsed(path)
    module = ".".join(path.relative_to(_FLOOR).with_suffix("").parts)
    imported = {
        alias.asname or alias.name: f"{node.module}.{alias.name}".removeprefix("werkbote.")
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("werkbote.")
        for alias in node.names
    }
    for node in sources.functions(tree):
        yield f"{module}.{node.name}", read(node, module=module, imported=imported)


def read(node: ast.AST, *, module: str, imported: dict[str, str]) -> Function:
    found = Function()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            found.calls.add(f"{module}.{part.id}")
        if not isinstance(part, ast.Attribute):
            continue
        if isinstance(part.value, ast.Name) and part.value.id == "models":
            found.names |= {part.attr} & (PERMISSIONS | SETTINGS)
        elif isinstance(part.value, ast.Name) and part.value.id in imported:
            found.calls.add(f"{imported[part.value.id]}.{part.attr}")
        if part.attr in _WRITES:
            model = model_of(part)
            found.writes |= {model} & (PERMISSIONS | SETTINGS)
            found.loose = found.loose or model == ""
    return found


def model_of(written: ast.expr) -> str:
    """Return the X of `models.X.objects.filter(…).update`, nothing where a row is named otherwise."""
    place, last = written, ""
    while isinstance(place, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(place, ast.Attribute):
            if isinstance(place.value, ast.Name) and place.value.id == "models":
                return place.attr
            last = place.attr
        place = place.func if isinstance(place, ast.Call) else place.value
    return "" if isinstance(place, ast.Name) else last


@functools.cache
def house() -> dict[str, Function]:
    return dict(walked())


def reached(name: str) -> set[str]:
    """Return the functions a function may come to, itself among them."""
    found, todo = set(), [name]
    while todo:
        one = todo.pop()
        if one not in found and (one in house() or one in _CHAIN):
            found.add(one)
            todo.extend(house()[one].calls if one in house() else ())
    return found


def deeds() -> list[str]:
    return sorted(
        name
        for name in house()
        if name.startswith("actions.") and not name.rpartition(".")[2].startswith("_")
    )


def written(name: str) -> set[str]:
    """Return the watched models a deed writes; a row named otherwise may be of any model it handles."""
    return {model for one in reached(name) if one in house() for model in possibly(one)}


def possibly(name: str) -> set[str]:
    function = house()[name]
    if not function.loose:
        return function.writes
    near = [one for one in function.calls if one in house() and "._" in one]
    return function.writes.union(function.names, *(house()[one].names for one in near))


def test_every_model_is_a_permission_a_setting_or_content() -> None:
    known = sorted([*PERMISSIONS, *SETTINGS, *CONTENTS])
    assert known == sorted({model.__name__ for model in apps.get_app_config("store").get_models()})
    assert {name for name in known if not hasattr(models, name)} == set()


@pytest.mark.shows("R-08", "S-24")
def test_every_deed_that_changes_a_permission_or_a_setting_comes_to_the_chain() -> None:
    silent = {
        name.removeprefix("actions.")
        for name in deeds()
        if written(name) and not reached(name) & _CHAIN
    }
    assert silent == set(SILENT)


def verbs() -> set[str]:
    """Return every text of the deeds and pages that reads like a verb of the chain."""
    families = {verb.partition(".")[0] for verb in deed_labels.DEEDS}
    return {
        node.value
        for floor in ("actions", "web/pages")
        for path in sources.modules(_FLOOR / floor)
        for node in ast.walk(sources.parsed(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _VERB.fullmatch(node.value)
        and node.value.partition(".")[0] in families
    }


@pytest.mark.shows("R-08")
def test_every_verb_of_the_chain_has_words() -> None:
    unknown = (verbs() | _BUILT) - set(deed_labels.DEEDS)
    assert sorted(unknown) == []
    assert len(verbs()) > 100


def test_the_walk_sees_what_it_is_for() -> None:
    assert written("actions.team.members.change") == {"Member", "Membership"}
    assert written("actions.subscriptions.deliver") == {"Subscription"}
    assert written("actions.house_rules.amend") == {"HouseRule"}
    assert len([name for name in deeds() if written(name)]) > 60
