"""What is kept of chats that came from private phones, and of the members who left them."""

from werkbote.store.personal_data import words

_PERSON = words.Whose.PERSON
_MEMBER = words.Whose.MEMBER
_PERSON_KEY = words.Protection.PERSON_KEY
_SETTLE = "settling chats of private phones: into a case or deleted (Art. 5(1)(e), 32)"
_WHOSE_PHONE = "on whose phone the chat was; said in the papers, counted in no report"

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.OldChat",
        purpose=_SETTLE,
        person="person",
        member="owner",
        exported=True,
        fields=(
            *words.rows("id organisation branch case"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each("owner decided_by", _MEMBER, words.Kind.REFERENCE, why=_WHOSE_PHONE),
            *words.each(
                "title_digest people_digest", _PERSON, words.Kind.NAME, words.Protection.KEYED_HASH
            ),
            *words.each("title_sealed participants_sealed", _PERSON, words.Kind.NAME, _PERSON_KEY),
            *words.about_person("first_at last_at", words.Kind.TIME, words.SORTED),
            *words.work("own zone state retention messages files decided_at created_at"),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="until it is decided: deleted, or as long as its retention class says",
    ),
    words.Table(
        model="store.OldChatArrival",
        purpose=_SETTLE,
        person="person",
        member="owner",
        fields=(
            *words.rows("id organisation branch chat"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each("owner by", _MEMBER, words.Kind.REFERENCE, why=_WHOSE_PHONE),
            *words.each("device_sealed", _MEMBER, words.Kind.CONTENT, _PERSON_KEY),
            *words.each("filename_sealed report_sealed", _PERSON, words.Kind.CONTENT, _PERSON_KEY),
            *words.work("zone day_order state problem size lines read added repeated"),
            *words.work("created_at finished_at"),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as its chat; one that failed goes after days",
    ),
    words.Table(
        model="store.OldChatPage",
        purpose=_SETTLE,
        person="chat__person",
        exported=True,
        fields=(
            *words.rows("id organisation chat arrival"),
            *words.work("messages"),
            *words.each("sealed", _PERSON, words.Kind.CONTENT, _PERSON_KEY),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as its chat",
    ),
    words.Table(
        model="store.OldChatFile",
        purpose=_SETTLE,
        person="arrival__person",
        exported=True,
        fields=(
            *words.rows("id organisation arrival chat"),
            *words.each("name_digest", _PERSON, words.Kind.NAME, words.Protection.KEYED_HASH),
            *words.each("name_sealed", _PERSON, words.Kind.NAME, _PERSON_KEY),
            *words.work("mime size"),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as its chat; the export itself only until it is read",
    ),
    words.Table(
        model="store.OldChatPiece",
        purpose=_SETTLE,
        person="file__arrival__person",
        exported=True,
        fields=(
            *words.rows("id organisation file position"),
            *words.each("sealed", _PERSON, words.Kind.CONTENT, _PERSON_KEY),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as its file",
    ),
    words.Table(
        model="store.Offboarding",
        purpose="proving that private WhatsApp has ended (Art. 5(2), 24, 32)",
        member="member",
        fields=(
            *words.rows("id organisation"),
            *words.each(
                "member asked_by", _MEMBER, words.Kind.REFERENCE, why="whose declaration it is"
            ),
            *words.each(
                "asked_at due_on state ticks version signed_at digest",
                _MEMBER,
                words.Kind.STATE,
                why="what was declared and when; the paper and the name are sealed",
            ),
            *words.each("name_sealed", _MEMBER, words.Kind.NAME, words.Protection.ORGANISATION_KEY),
            *words.each(
                "paper_sealed", _MEMBER, words.Kind.CONTENT, words.Protection.ORGANISATION_KEY
            ),
        ),
        ended=words.Ended.WITH_MEMBER,
        kept="while employed; the signed paper belongs into the personnel file before that",
    ),
)
