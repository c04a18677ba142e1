"""What is kept of texts that are begun, and of those kept ready."""

from werkbote.store.personal_data import words

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.MessageDraft",
        purpose=words.CONVERSE,
        person="person",
        member="member",
        exported=True,
        fields=(
            *words.rows("id organisation conversation"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each(
                "member",
                words.Whose.MEMBER,
                words.Kind.REFERENCE,
                why="shown to this member alone, counted in no report",
            ),
            *words.each(
                "body_sealed",
                words.Whose.PERSON,
                words.Kind.CONTENT,
                words.Protection.PERSON_KEY,
            ),
            *words.about_person("changed_at", words.Kind.TIME, words.RETAINED),
        ),
        corrected="by the member who writes",
        ended=words.Ended.WITH_PERSON,
        kept="until it is sent, thirty days at most",
    ),
    words.Table(
        model="store.CannedReply",
        purpose=words.CONVERSE,
        fields=(
            *words.rows("id organisation branch team"),
            *words.each(
                "name_sealed text_sealed",
                words.Whose.ORGANISATION,
                words.Kind.CONTENT,
                words.Protection.ORGANISATION_KEY,
            ),
            *words.work("ended_at created_at changed_at"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="while it is used",
    ),
)
