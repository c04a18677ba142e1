"""What is kept of consents and notices."""

from werkbote.store.personal_data import words

_PERSON = words.Whose.PERSON
_MEMBER = words.Whose.MEMBER
_HOUSE = words.Whose.ORGANISATION
_PERSON_KEY = words.Protection.PERSON_KEY
_OWN_KEY = words.Protection.ORGANISATION_KEY

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.ConsentEvent",
        purpose=words.PROVE,
        subject="person_ref",
        fields=(
            *words.rows("id organisation person_ref entity"),
            *words.work("position key record purpose deed occurred_at recorded_at by from_number"),
            *words.work("evidence_digest previous hash"),
        ),
        exported=True,
        ended=words.Ended.KEPT,
        kept="numbers and codes, no contents; once person and evidence are erased they lead to nobody",
    ),
    words.Table(
        model="store.ConsentEvidence",
        purpose=words.PROVE,
        person="person",
        rule="L-16",
        exported=True,
        fields=(
            *words.rows("id organisation event"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each("body", _PERSON, words.Kind.CONTENT, _PERSON_KEY),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="three years to the end of the year after the last use or the withdrawal",
    ),
    words.Table(
        model="store.Consent",
        purpose="sending advertising to nobody who has not agreed",
        person="person",
        exported=True,
        fields=(
            *words.rows("id organisation branch"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.about_person(
                "purpose state record asked_from_number", words.Kind.STATE, "the gate asks for it"
            ),
            *words.about_person(
                "since requested_at granted_at last_used_at", words.Kind.TIME, words.SORTED
            ),
        ),
        corrected="by a new event of the ledger",
        ended=words.Ended.WITH_PERSON,
        kept="as long as the person",
    ),
    words.Table(
        model="store.ConsentWay",
        purpose="letting people agree",
        fields=(
            *words.rows("id organisation branch"),
            *words.work("code keyword title purposes ended_at created_at"),
        ),
        ended=words.Ended.WITH_ORGANISATION,
        kept="evidence names the code",
    ),
    words.Table(
        model="store.ConsentScan",
        purpose=words.PROVE,
        person="person",
        member="taken_by",
        exported=True,
        fields=(
            *words.rows("id organisation branch"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each("body", _PERSON, words.Kind.CONTENT, _PERSON_KEY),
            *words.work("record mime created_at"),
            *words.each("taken_by", _MEMBER, words.Kind.REFERENCE, why="who took the form"),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as the evidence that stands on it",
    ),
    words.Table(
        model="store.HouseRule",
        purpose=words.PROVE,
        fields=(
            *words.rows("id organisation made_by"),
            *words.work("topic changes valid_from reason created_at"),
            *words.each("reason_sealed", words.Whose.ORGANISATION, words.Kind.CONTENT, _OWN_KEY),
        ),
        ended=words.Ended.KEPT,
        kept="every version, to show what held on a day",
    ),
    words.Table(
        model="store.ConsentTask",
        purpose="guessing about nobody's words",
        person="person",
        member="answered_by",
        exported=True,
        fields=(
            *words.rows("id organisation message"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.work("kind answer created_at answered_at"),
            *words.each("answered_by", _MEMBER, words.Kind.REFERENCE, why="who answered for it"),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as its message",
    ),
    words.Table(
        model="store.BranchDetails",
        purpose="informing people (Art. 13, 14)",
        fields=(
            *words.rows("id organisation branch"),
            *words.each("body_sealed", _HOUSE, words.Kind.CONTACT, _OWN_KEY),
            *words.work("changed_at"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="as long as the branch",
    ),
    words.Table(
        model="store.PublishedNotice",
        purpose="proving what people were told (Art. 5(2))",
        fields=(
            *words.rows("id organisation branch"),
            *words.work("language version published_at"),
            *words.each("body_sealed", _HOUSE, words.Kind.CONTACT, _OWN_KEY),
        ),
        ended=words.Ended.KEPT,
        kept="every version that was public",
    ),
)
