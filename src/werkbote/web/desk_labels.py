"""Words for what the desk, cases and vehicles name by codes, and what deeds say when they cannot."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from werkbote.domain import cases, desk, team
from werkbote.web import labels

type Words = labels.Words

ACTS: dict[str, Words] = {
    desk.Act.ASSIGN: _("Assign to"),
    desk.Act.ASSIGN_ME: _("Assign to whoever runs it"),
    desk.Act.UNASSIGN: _("Assign to nobody"),
    desk.Act.TEAM: _("Give to team"),
    desk.Act.LABEL: _("Put on label"),
    desk.Act.UNLABEL: _("Take off label"),
    desk.Act.NOTE: _("Write note"),
    desk.Act.REPLY: _("Reply"),
    desk.Act.SNOOZE: _("Snooze"),
    desk.Act.CLOSE: pgettext_lazy("conversation", "Close"),
    desk.Act.SPAM: _("Mark as spam"),
}

REVIEWS: dict[str, Words] = {
    "identity_changed": _("The person reports a new number"),
    "old_chat": _("An old chat may be with this person"),
    "proposed": _("Somebody of the team thinks that these are one person"),
}

COLOURS: dict[str, Words] = {
    "blue": _("blue"),
    "teal": _("teal"),
    "green": _("green"),
    "yellow": _("yellow"),
    "orange": _("orange"),
    "red": _("red"),
    "pink": _("pink"),
    "purple": _("purple"),
}

TRIGGERS: dict[str, Words] = {
    desk.Trigger.MESSAGE: _("somebody writes"),
    desk.Trigger.FIRST_MESSAGE: _("somebody writes for the first time"),
    desk.Trigger.CLOSED: _("a conversation is closed"),
}

TEAMS: dict[str, Words] = {
    team.TeamKind.SERVICE: _("Service"),
    team.TeamKind.SALES: _("Sales"),
    team.TeamKind.PARTS: _("Parts"),
    team.TeamKind.OTHER: _("Other"),
}

VIEWS: dict[str, Words] = {
    "all": _("Open"),
    "mine": _("Mine"),
    "unassigned": _("Nobody's"),
    "team": _("My team"),
    "closing": _("Window closing"),
    "review": _("To review"),
    "snoozed": _("Snoozed"),
    "done": _("Done"),
}

OUTCOMES: dict[str, Words] = {
    desk.Outcome.ANSWERED: _("answered"),
    desk.Outcome.APPOINTMENT: _("appointment made"),
    desk.Outcome.ORDER: _("order placed"),
    desk.Outcome.NO_REPLY: _("needs no answer"),
    desk.Outcome.ELSEWHERE: _("settled elsewhere"),
    desk.Outcome.SPAM: _("spam"),
}

DESK_EVENTS: dict[str, Words] = {
    desk.Event.ASSIGNED: _("assigned"),
    desk.Event.UNASSIGNED: _("assigned to nobody"),
    desk.Event.TEAM: _("given to team"),
    desk.Event.HANDED_OVER: _("handed over"),
    desk.Event.LABELLED: _("label put on"),
    desk.Event.UNLABELLED: _("label taken off"),
    desk.Event.SNOOZED: _("snoozed"),
    desk.Event.RETURNED: _("came back"),
    desk.Event.CLOSED: pgettext_lazy("conversation", "closed"),
    desk.Event.REOPENED: _("opened again"),
    desk.Event.NOTED: _("note written"),
    desk.Event.BLOCKED: _("blocked"),
    desk.Event.UNBLOCKED: _("unblocked"),
    desk.Event.SPAM: _("marked as spam"),
    desk.Event.NO_SPAM: _("no spam after all"),
    desk.Event.EXPORTED: _("taken out as a file"),
    desk.Event.ABSENCE_TOLD: _("absence told"),
    desk.Event.WINDOW_CLOSING: _("window about to close"),
    desk.Event.ASKED_SATISFACTION: _("asked how it was"),
    desk.Event.SATISFACTION: _("said how it was"),
}

NUDGES: dict[str, Words] = {
    desk.Nudge.ASSIGNED: _("was assigned to you"),
    desk.Nudge.HANDED_OVER: _("was handed over to you"),
    desk.Nudge.MENTIONED: _("calls you in a note"),
    desk.Nudge.RETURNED: _("came back"),
    desk.Nudge.WINDOW_CLOSING: _("can soon be answered with templates only"),
}

LEVELS: dict[str, Words] = {
    desk.Level.CALM: _("within the promised time"),
    desk.Level.SOON: _("the promised time is nearly over"),
    desk.Level.LATE: _("waits longer than promised"),
}

CASE_KINDS: dict[str, Words] = {
    cases.Kind.INQUIRY: _("Inquiry"),
    cases.Kind.APPOINTMENT: _("Appointment"),
    cases.Kind.REPAIR_ORDER: _("Repair order"),
    cases.Kind.PARTS_ORDER: _("Parts order"),
    cases.Kind.PURCHASE: _("Vehicle purchase"),
    cases.Kind.LEAD: _("Lead from a portal"),
    cases.Kind.TEST_DRIVE: _("Test drive"),
    cases.Kind.COMPLAINT: _("Complaint"),
    cases.Kind.ACCIDENT: _("Accident or insurance"),
    cases.Kind.CONTACT_REQUEST: _("Request to be contacted"),
    cases.Kind.RIGHTS_REQUEST: _("Request about data rights"),
}

CASE_STATES: dict[str, Words] = {
    cases.State.OPEN: pgettext_lazy("case", "open"),
    cases.State.WAITING: pgettext_lazy("case", "waiting"),
    cases.State.CLOSED: pgettext_lazy("case", "closed"),
}

CONTRACTS: dict[str, Words] = {
    cases.Contract.YES: _("yes, a contract"),
    cases.Contract.NO: _("no contract"),
    cases.Contract.UNKNOWN: _("not known yet"),
}

VEHICLE_ROLES: dict[str, Words] = {
    cases.Role.HOLDER: _("Holder"),
    cases.Role.DRIVER: _("Driver"),
    cases.Role.CLIENT: _("Client"),
    cases.Role.PAYER: _("Payer"),
}

_SENTENCES: tuple[Words, ...] = (
    _("A condition has more than 200 characters: shorten it."),
    _("A day closes after it has opened: check the two times."),
    _("A label has between 1 and 40 characters."),
    _("A name has between 1 and 60 characters."),
    _("A number plate has at most eight signs: check letters and digits again."),
    _("A rule runs by itself and has nobody to assign to: name a member."),
    _("A season has at least two months: check the months on the plate."),
    _("A text of a step has more than 2000 characters: shorten it."),
    _(
        "A vehicle identification number has 17 signs: compare it with field E of the registration certificate. Vehicles from before 1981 have none; leave it empty."
    ),
    _("A vehicle identification number holds letters and digits alone: check it again."),
    _("A vehicle identification number never holds I, O or Q: read 1 or 0 instead."),
    _("A year is the longest rest: choose an earlier day."),
    _("Another vehicle has this plate or identification number: look that one up instead."),
    _("Choose at least one step."),
    _("Choose one of the colours."),
    _("Give the case a title: a few words are enough."),
    _("No number of this person is known: there is nothing to block."),
    _("No registration district begins like that: check the first letters of the plate."),
    _("One condition is not readable: choose it again."),
    _("One condition says nothing: fill it in or remove it."),
    _("One step is not readable: choose it again."),
    _("Promise an answer within one minute to one week."),
    _("Say at least the plate, the identification number or the make."),
    _("Say how many hours the conversation rests."),
    _("Say to whom or what: a step names no member, team or label."),
    _("Say to whom: choose a member or a team."),
    _("Say whether a contract came about: closing a case depends on it."),
    _("Set opening hours first: without them the branch is never absent."),
    _("Ten conditions are the most: make two rules of it."),
    _("Ten steps are the most: split the rest into another macro."),
    _("The absence text has more than 1000 characters: shorten it."),
    _("The last day is before the first: check the two days."),
    _("The note has more than 4000 characters: shorten it."),
    _("The note is empty: write something first."),
    _("The title has more than 200 characters: shorten it."),
    _("There is no such registration district: check the letters before the gap."),
    _("These days are open already; reload the page."),
    _("This branch is not there any more: choose another."),
    _("This can be read in more than one way: write a hyphen after the district, as in B-AB 1."),
    _("This case has been changed meanwhile: reload it and look again."),
    _("This case is another person's: choose one of this person."),
    _("This case is not here any more; go back to the list."),
    _("This case is open: the question is asked when it is closed."),
    _("This conversation has been changed meanwhile: reload it and look again."),
    _("This conversation is not here any more; go back to the list."),
    _("This conversation is not marked as spam; reload the page."),
    _(
        "This is no German number plate: write it as HH-AB 123, with E or H at the end where it has one."
    ),
    _("This label has ended already; reload the page."),
    _("This label is not there any more: choose another."),
    _("This macro has ended already; reload the page."),
    _("This macro is not there any more; reload the page."),
    _("This member does not work at the branch: choose somebody who does."),
    _("This message is not here any more; reload the page."),
    _("This moment has passed: choose a later one."),
    _("This person is blocked already; reload the page."),
    _("This person is not blocked; reload the page."),
    _("This person is not here any more; go back to the list."),
    _("This person or branch is not here any more; go back to the list."),
    _("This role has ended already; reload the page."),
    _("This rule is not there any more; reload the page."),
    _("This team has ended already; reload the page."),
    _("This team is not one of the branch: choose another."),
    _("This vehicle does not belong to the person: record it for them first."),
    _("This vehicle is not here any more; go back to the list."),
    _("Two openings of a day overlap: join them."),
    _("Weekdays are numbered from 1 Monday to 7 Sunday."),
    _(
        "WhatsApp did not do it: blocking is possible within 24 hours after the person wrote. Try again after their next message."
    ),
    _("Write a time as 07:30."),
    _("Write the text of the note or reply: a step has none."),
)
"""What deeds say when they cannot; named here so that a translation is asked for."""
