"""What is kept of the team's work on conversations, and of how it is arranged."""

from werkbote.store.personal_data import words

_PERSON = words.Whose.PERSON
_MEMBER = words.Whose.MEMBER
_HOUSE = words.Whose.ORGANISATION
_PERSON_KEY = words.Protection.PERSON_KEY
_OWN_KEY = words.Protection.ORGANISATION_KEY

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.Label",
        purpose=words.CONVERSE,
        fields=(
            *words.rows("id organisation"),
            *words.each("name_sealed", _HOUSE, words.Kind.NAME, _OWN_KEY),
            *words.work("colour ended_at created_at"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="while the dealer sorts by it",
    ),
    words.Table(
        model="store.ConversationLabel",
        purpose=words.CONVERSE,
        person="conversation__person",
        exported=True,
        fields=(
            *words.rows("id organisation label"),
            *words.about_person("conversation", words.Kind.REFERENCE, words.LINKED),
        ),
        corrected="by staff",
        ended=words.Ended.WITH_PERSON,
        kept="as long as the conversation",
    ),
    words.Table(
        model="store.Note",
        purpose=words.CONVERSE,
        person="person",
        member="author",
        exported=True,
        fields=(
            *words.rows("id organisation conversation"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each("author", _MEMBER, words.Kind.REFERENCE, why="shown beside the note"),
            *words.each("body_sealed", _PERSON, words.Kind.CONTENT, _PERSON_KEY),
            *words.about_person("created_at", words.Kind.TIME, words.SORTED),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as the conversation; a person may read it (Art. 15)",
    ),
    words.Table(
        model="store.ConversationEvent",
        purpose=words.CONVERSE,
        person="conversation__person",
        member="actor",
        fields=(
            *words.rows("id organisation target"),
            *words.about_person("conversation kind value at", words.Kind.STATE, words.LINKED),
            *words.each(
                "actor", _MEMBER, words.Kind.REFERENCE, why="shown to the team; in no report"
            ),
        ),
        rule="L-23",
        ended=words.Ended.WITH_PERSON,
        kept="as long as the conversation; who it was 30 days",
    ),
    words.Table(
        model="store.Nudge",
        purpose=words.TEAM,
        person="conversation__person",
        member="member",
        fields=(
            *words.rows("id organisation conversation"),
            *words.each(
                "member kind created_at seen_at",
                _MEMBER,
                words.Kind.STATE,
                why="shown to this member alone, counted in no report",
            ),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="thirty days",
    ),
    words.Table(
        model="store.Macro",
        purpose=words.TEAM,
        fields=(
            *words.rows("id organisation"),
            *words.each("name_sealed steps_sealed", _HOUSE, words.Kind.CONTENT, _OWN_KEY),
            *words.work("ended_at created_at"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="while it is used",
    ),
    words.Table(
        model="store.AutomationRule",
        purpose=words.TEAM,
        fields=(
            *words.rows("id organisation branch"),
            *words.each("name_sealed body_sealed", _HOUSE, words.Kind.CONTENT, _OWN_KEY),
            *words.work("trigger active ended_at created_at"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="while it is used; the audit names it by number",
    ),
    words.Table(
        model="store.BranchHours",
        purpose=words.CONVERSE,
        fields=(
            *words.rows("id organisation branch"),
            *words.each("absence_sealed", _HOUSE, words.Kind.CONTENT, _OWN_KEY),
            *words.work("week keeps_holidays tells_absence reply_minutes asks_satisfaction"),
            *words.work("changed_at"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="as long as the branch",
    ),
    words.Table(
        model="store.BranchClosed",
        purpose=words.CONVERSE,
        fields=(*words.rows("id organisation branch"), *words.work("first last created_at")),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="as long as the branch",
    ),
)
