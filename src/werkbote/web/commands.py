"""What the command bar offers: places to go, and deeds on the open conversation."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from werkbote.domain import desk as words
from werkbote.domain import team
from werkbote.reads import access, desk, search_results
from werkbote.web import desk_labels, labels

type _Place = tuple[str, labels.Words, str, str, team.Right | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One line of the bar: an address to go to, something to post, or a field to go to on the page.

    `name` and `value` are what is posted; `key` is the shortcut that does the same.
    """

    label: str
    icon: str
    group: str
    href: str = ""
    post: str = ""
    name: str = ""
    value: str = ""
    focus: str = ""
    key: str = ""


_PLACES: tuple[_Place, ...] = (
    ("inbox", gettext_lazy("Inbox"), "inbox", "g i", team.Right.READ_CHATS),
    ("search", gettext_lazy("Search"), "search", "/", team.Right.READ_CHATS),
    ("cases", gettext_lazy("Cases"), "list-check", "g c", team.Right.READ_CHATS),
    ("reviews", gettext_lazy("Reviews"), "user-question", "g r", team.Right.READ_CHATS),
    ("nudges", gettext_lazy("For your attention"), "bolt", "g n", team.Right.READ_CHATS),
    ("contact-requests", gettext_lazy("Requests"), "message-question", "", team.Right.READ_CHATS),
    ("newsletter", gettext_lazy("Newsletter"), "send", "", team.Right.PUBLISH),
    ("consents", gettext_lazy("Opt-ins"), "heart-handshake", "", team.Right.READ_DECISIONS),
    ("decisions", gettext_lazy("Evidence"), "shield-check", "", team.Right.READ_DECISIONS),
    ("privacy", gettext_lazy("Rights and erasure"), "lock", "", team.Right.HANDLE_REQUESTS),
    ("letters", gettext_lazy("Commercial letters"), "folder", "", team.Right.EXPORT_LETTERS),
    ("breaches", gettext_lazy("Breaches"), "alert-triangle", "", team.Right.HANDLE_BREACHES),
    ("audit", gettext_lazy("Audit"), "eye", "", team.Right.READ_AUDIT),
    ("settings", gettext_lazy("Settings"), "adjustments", "", team.Right.READ_SETTINGS),
    ("outside", gettext_lazy("What leaves the house"), "world", "", team.Right.READ_SETTINGS),
    (
        "records",
        gettext_lazy("Records of processing"),
        "list-details",
        "",
        team.Right.READ_SETTINGS,
    ),
    ("reports", gettext_lazy("Reports"), "gauge", "", team.Right.READ_REPORTS),
    ("team", gettext_lazy("Team"), "users", "", team.Right.MANAGE_TEAM),
    ("arrange", gettext_lazy("How we work"), "settings", "", team.Right.MANAGE_TEAM),
    ("costs", gettext_lazy("Costs"), "coin-euro", "", team.Right.READ_COSTS),
    ("dead-letters", gettext_lazy("Operation"), "gauge", "", team.Right.READ_OPERATION),
    ("account", gettext_lazy("Account"), "user-circle", "g a", None),
)

SHORTCUTS: tuple[tuple[labels.Words, labels.Words], ...] = (
    (gettext_lazy("Ctrl + K"), gettext_lazy("Command bar")),
    ("?", gettext_lazy("This list")),
    ("/", gettext_lazy("Search")),
    ("j", gettext_lazy("Next conversation")),
    ("k", gettext_lazy("Previous conversation")),
    ("u", gettext_lazy("Back to the list")),
    ("r", gettext_lazy("Reply")),
    ("n", gettext_lazy("Write note")),
    ("a", gettext_lazy("I take it")),
    ("e", gettext_lazy("Close the conversation")),
    ("s", gettext_lazy("Snooze")),
    ("g i", gettext_lazy("Inbox")),
    ("g c", gettext_lazy("Cases")),
    ("g r", gettext_lazy("Reviews")),
    ("g n", gettext_lazy("For your attention")),
    ("g a", gettext_lazy("Account")),
)
"""Every key and what it does; `keys.js` knows the same ones."""

_SNOOZES = (
    ("hour", gettext_lazy("One hour")),
    ("tomorrow", gettext_lazy("Tomorrow morning")),
    ("monday", gettext_lazy("Monday")),
    ("week", gettext_lazy("In a week")),
)


def offered(viewer: access.Viewer, conversation: int | None) -> tuple[Command, ...]:
    """Return what the bar offers; raise access.UnableToSee for somebody else's conversation."""
    deeds = _deeds(viewer, conversation) if conversation is not None else ()
    return (*deeds, *_views(viewer), *_places(viewer))


def found(beside: search_results.Beside) -> Iterator[Command]:
    """Yield conversations, vehicles and cases that were found, as lines of the bar."""
    for talk in beside.talks:
        contact = talk.contact
        name = contact.name or contact.masked or gettext("Unknown person")
        yield Command(
            label=f"{name} · {talk.number}",
            icon="message-circle",
            group=gettext("Conversations"),
            href=reverse("conversation", args=[talk.id]),
        )
    for vehicle in beside.vehicles:
        yield Command(
            label=f"{vehicle.plate} {vehicle.name}".strip(),
            icon="car",
            group=gettext("Vehicles"),
            href=reverse("vehicle", args=[vehicle.id]),
        )
    for case in beside.cases:
        yield Command(
            label=case.title,
            icon="list-check",
            group=gettext("Cases"),
            href=reverse("case", args=[case.id]),
        )


def _places(viewer: access.Viewer) -> Iterator[Command]:
    yield Command(label=gettext("Lock now"), icon="lock", group=gettext("Go to"), href="#lock")
    for page, label, icon, key, right in _PLACES:
        if right is None or viewer.can(right):
            yield Command(
                label=str(label), icon=icon, group=gettext("Go to"), href=reverse(page), key=key
            )


def _views(viewer: access.Viewer) -> Iterator[Command]:
    if not viewer.can(team.Right.READ_CHATS):
        return
    for code, label in desk_labels.VIEWS.items():
        yield Command(
            label=str(label),
            icon="inbox",
            group=gettext("Views"),
            href=f"{reverse('inbox')}?view={code}",
        )


def _deeds(viewer: access.Viewer, conversation: int) -> Iterator[Command]:
    panel = desk.panel(viewer=viewer, conversation=conversation)
    if viewer.can(team.Right.WRITE):
        yield from _writing(viewer, panel)
    yield _here(panel, "panel", gettext("About this conversation"), "info-circle")
    yield _here(panel, "person-consents", gettext("Consents"), "heart-handshake")


def _writing(viewer: access.Viewer, panel: desk.Panel) -> Iterator[Command]:
    group = _group()
    yield Command(label=gettext("Reply"), icon="pencil", group=group, focus="text", key="r")
    yield Command(label=gettext("Write note"), icon="edit", group=group, focus="note", key="n")
    if panel.owner_id != viewer.member:
        own = str(viewer.member)
        yield _post(panel, "assign", gettext("I take it"), "user", ("member", own), key="a")
    else:
        yield _post(panel, "assign", gettext("Give it back"), "x", ("member", ""))
    if panel.state != words.State.CLOSED:
        yield from _closings(panel)
        yield from _snoozes(panel)
    if panel.state != words.State.OPEN:
        reopen = reverse("do", args=[panel.conversation, "reopen"])
        yield Command(label=gettext("Open again"), icon="arrow-back-up", group=group, post=reopen)
    for label in panel.offered:
        says = f"{gettext('Label')}: {label.name}"
        yield _post(panel, "put-label", says, "plus", ("label", str(label.id)))
    for macro in panel.macros:
        yield _post(panel, "run-macro", macro.name, "bolt", ("macro", str(macro.id)))


def _closings(panel: desk.Panel) -> Iterator[Command]:
    for outcome in words.Outcome:
        if outcome is not words.Outcome.SPAM:
            says = f"{gettext('Close the conversation')}: {desk_labels.OUTCOMES[outcome]}"
            yield _post(
                panel, "close-conversation", says, "check", ("outcome", outcome.value), key="e"
            )


def _snoozes(panel: desk.Panel) -> Iterator[Command]:
    for code, label in _SNOOZES:
        says = f"{gettext('Snooze')}: {label}"
        yield _post(panel, "snooze", says, "clock-hour-4", ("until", code), key="s")


def _here(panel: desk.Panel, page: str, label: str, icon: str) -> Command:
    address = reverse(page, args=[panel.conversation])
    return Command(label=label, icon=icon, group=_group(), href=address)


def _post(
    panel: desk.Panel, page: str, label: str, icon: str, sent: tuple[str, str], *, key: str = ""
) -> Command:
    return Command(
        label=label,
        icon=icon,
        group=_group(),
        post=reverse(page, args=[panel.conversation]),
        name=sent[0],
        value=sent[1],
        key=key,
    )


def _group() -> str:
    return gettext("This conversation")
