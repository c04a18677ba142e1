"""What is kept of conversations."""

from werkbote.store.personal_data import words

_PERSON = words.Whose.PERSON
_MEMBER = words.Whose.MEMBER
_PERSON_KEY = words.Protection.PERSON_KEY

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.Conversation",
        purpose=words.CONVERSE,
        person="person",
        member="owner",
        exported=True,
        fields=(
            *words.rows("id organisation number team"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each("owner", _MEMBER, words.Kind.REFERENCE, why="whose work it is"),
            *words.about_person(
                "state outcome closed_at spam_at blocked_at waiting_since snoozed_until",
                words.Kind.STATE,
                "the inbox shows and sorts by it",
            ),
            *words.about_person(
                "last_inbound_at last_call_at last_message_at", words.Kind.TIME, words.SORTED
            ),
            *words.about_person("last_received_at created_at", words.Kind.TIME, words.SORTED),
            *words.work("seen_at pair_clear_at absence_told_at window_nudged_at"),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as the person",
    ),
    words.Table(
        model="store.Message",
        purpose=words.CONVERSE,
        person="person",
        member="author",
        exported=True,
        provided=("id", "at", "kind", "body"),
        fields=(
            *words.rows("id organisation number conversation permit refusal case"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each("body provider_sealed", _PERSON, words.Kind.CONTENT, _PERSON_KEY),
            *words.each(
                "provider_id reply_to",
                words.Whose.PERSON,
                words.Kind.PROVIDER_ID,
                words.Protection.KEYED_HASH,
                words.MATCHED,
            ),
            *words.about_person(
                "at received_at sent_at delivered_at", words.Kind.TIME, words.SORTED
            ),
            *words.about_person(
                "read_at failed_at priced_at archived_at", words.Kind.TIME, words.SORTED
            ),
            *words.about_person("kind outgoing forwarded historic", words.Kind.STATE, words.SORTED),
            *words.about_person("courtesy", words.Kind.STATE, words.SORTED),
            *words.each(
                "author", _MEMBER, words.Kind.REFERENCE, why="shown in the thread; in no report"
            ),
            *words.each("tagged_by", _MEMBER, words.Kind.REFERENCE, why="who answers for the mark"),
            *words.about_person("tag", words.Kind.STATE, words.RETAINED),
            *words.work("state failure_code notice_version purpose request_key priority due_at"),
            *words.work("attempts claimed_at role ground"),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="until the period of its purpose ends or the person asks",
    ),
    words.Table(
        model="store.NoticeProof",
        purpose=words.PROVE,
        person="person",
        rule="L-19",
        exported=True,
        fields=(
            *words.rows("id organisation number"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.about_person("version sent_at delivered_at", words.Kind.STATE, words.RETAINED),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="three years to the end of the year after the last contact",
    ),
    words.Table(
        model="store.MessageChange",
        purpose=words.CONVERSE,
        person="person",
        exported=True,
        fields=(
            *words.rows("id organisation number conversation"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each(
                "provider_id target",
                words.Whose.PERSON,
                words.Kind.PROVIDER_ID,
                words.Protection.KEYED_HASH,
                words.MATCHED,
            ),
            *words.each("value_sealed", _PERSON, words.Kind.CONTENT, _PERSON_KEY),
            *words.about_person("kind outgoing at received_at", words.Kind.STATE, words.SORTED),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as its message",
    ),
    words.Table(
        model="store.ParkedStatus",
        purpose="losing no report that comes before its message",
        fields=(
            *words.rows("id organisation number"),
            *words.each(
                "provider_id",
                words.Whose.PERSON,
                words.Kind.PROVIDER_ID,
                words.Protection.KEYED_HASH,
                words.MATCHED,
            ),
            *words.work(
                "status at failure_code price_category price_kind price_billable received_at"
            ),
        ),
        ended=words.Ended.BY_AGE,
        kept="until its message comes, at most weeks: before that nobody knows whose it is",
    ),
    words.Table(
        model="store.Media",
        purpose=words.CONVERSE,
        person="person",
        exported=True,
        provided=("id", "message", "mime", "size"),
        fields=(
            *words.rows("id organisation message"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.about_person("provider_id", words.Kind.PROVIDER_ID, "the file is fetched by it"),
            *words.about_person(
                "sha256", words.Kind.CONTENT, "what was fetched is checked against it"
            ),
            *words.work("mime size state attempts problem created_at"),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as its message",
    ),
    words.Table(
        model="store.MediaChunk",
        purpose=words.CONVERSE,
        person="media__person",
        exported=True,
        fields=(
            *words.rows("id organisation media position"),
            *words.each("sealed", _PERSON, words.Kind.CONTENT, _PERSON_KEY),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as its message",
    ),
    words.Table(
        model="store.SearchToken",
        purpose="finding a message by its words",
        person="message__person",
        fields=(
            *words.rows("organisation message"),
            *words.each("token", _PERSON, words.Kind.CONTENT, words.Protection.KEYED_HASH),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as its message; a trigger takes it along",
    ),
    words.Table(
        model="store.Change",
        purpose="bringing open pages up to date",
        person="conversation__person",
        fields=(
            *words.rows("id organisation branch"),
            *words.about_person("conversation at", words.Kind.REFERENCE, words.LINKED),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="days",
    ),
)
