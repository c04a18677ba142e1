"""What is kept about people, and about what they allowed."""

from werkbote.store.personal_data import words

_PERSON = words.Whose.PERSON
_MEMBER = words.Whose.MEMBER
_PERSON_KEY = words.Protection.PERSON_KEY
_OWN_KEY = words.Protection.ORGANISATION_KEY

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.Person",
        purpose=words.CONVERSE,
        person="id",
        exported=True,
        provided=("name_sealed", "language"),
        fields=(
            *words.rows("id organisation"),
            *words.each("key_wrapped", _PERSON, words.Kind.KEY, _OWN_KEY),
            *words.each("name_sealed", _PERSON, words.Kind.NAME, _PERSON_KEY),
            *words.about_person("merged_into", words.Kind.REFERENCE, words.LINKED),
            *words.about_person(
                "source created_at", words.Kind.STATE, "answers where we have them from"
            ),
            *words.about_person("language", words.Kind.STATE, "the notice is written in it"),
            *words.about_person(
                "restricted_at minor_suspected_at wrong_number_at",
                words.Kind.TIME,
                "the gate asks for it",
            ),
        ),
        corrected="name by staff; identities by review",
        ended=words.Ended.WITH_PERSON,
        kept="until the purpose ends or the person asks",
    ),
    words.Table(
        model="store.Identity",
        purpose="recognising who writes",
        person="person",
        exported=True,
        provided=("scheme", "value_sealed", "created_at"),
        fields=(
            *words.rows("id organisation"),
            *words.about_person(
                "person scheme replaced_at created_at", words.Kind.REFERENCE, words.LINKED
            ),
            *words.each("fingerprint", _PERSON, words.Kind.CONTACT, words.Protection.KEYED_HASH),
            *words.each("value_sealed", _PERSON, words.Kind.CONTACT, _PERSON_KEY),
        ),
        corrected="by review of a reported change",
        ended=words.Ended.WITH_PERSON,
        kept="as long as the person",
    ),
    words.Table(
        model="store.IdentityReview",
        purpose="not taking two people for one",
        person="previous",
        exported=True,
        fields=(
            *words.rows("id organisation"),
            *words.work("kind state decided_at created_at"),
            *words.about_person("previous current", words.Kind.REFERENCE, words.LINKED),
            *words.about_person("provider_id", words.Kind.PROVIDER_ID, words.MATCHED),
            *words.each("asked_by", _MEMBER, words.Kind.REFERENCE, why="may not decide it too"),
            *words.each("decided_by", _MEMBER, words.Kind.REFERENCE, why="who answered for it"),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as the person",
    ),
    words.Table(
        model="store.Suppression",
        purpose="not writing to somebody who objected (Art. 21(3))",
        fields=(
            *words.rows("id organisation"),
            *words.each("fingerprint", _PERSON, words.Kind.CONTACT, words.Protection.KEYED_HASH),
            *words.about_person(
                "scope reason created_at", words.Kind.STATE, "says nothing without the hash"
            ),
        ),
        ended=words.Ended.KEPT,
        kept="survives erasure as a keyed hash, since forgetting it would break the objection",
    ),
    words.Table(
        model="store.Decision",
        purpose=words.PROVE,
        fields=(
            *words.rows("id organisation message_ref"),
            *words.work(
                "permitted purpose basis rule article sentence_de sentence_en remedy retry_at"
            ),
            *words.work("evidence policy_version decided_at"),
        ),
        exported=True,
        ended=words.Ended.KEPT,
        kept="references and reasons, no contents; once the message is erased they lead to nobody",
    ),
)
