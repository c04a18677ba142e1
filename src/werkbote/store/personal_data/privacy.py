"""What is kept of persons' requests, erasures and legal holds."""

from werkbote.store.personal_data import words

_MEMBER = words.Whose.MEMBER
_OWN_KEY = words.Protection.ORGANISATION_KEY
_OUTLIVES = "a row number that leads to nobody once the person is erased"

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.ErasureRun",
        purpose="erasing people, and proving it (Art. 17, 5(2))",
        subject="subject",
        rule="L-20",
        fields=(
            *words.rows("id organisation request_ref"),
            *words.about_person("subject", words.Kind.STATE, _OUTLIVES),
            *words.each("asked_by approved_by", _MEMBER, words.Kind.REFERENCE, why="who decided"),
            *words.each("targets_sealed", words.Whose.PERSON, words.Kind.STATE, _OWN_KEY),
            *words.work("scope trigger identified_by state stop preview blocks protocol digest"),
            *words.work("asked_at approved_at started_at claimed_at erased_at ended_at next_at"),
            *words.work("attempts problem keys_destroyed"),
        ),
        ended=words.Ended.BY_AGE,
        kept="three years to the end of the year; what is sealed goes when the erasure is done",
    ),
    words.Table(
        model="store.ErasureStep",
        purpose="erasing people, and proving it (Art. 17, 5(2))",
        rule="L-20",
        fields=(
            *words.rows("id organisation run"),
            *words.work("position store state count attempts problem done_at"),
        ),
        ended=words.Ended.BY_AGE,
        kept="with its erasure; counts and codes",
    ),
    words.Table(
        model="store.LegalHold",
        purpose="keeping what a dispute needs (Art. 17(3)(e))",
        subject="subject",
        rule="L-20",
        fields=(
            *words.rows("id organisation"),
            *words.about_person("subject", words.Kind.STATE, _OUTLIVES),
            *words.each("reason_sealed", words.Whose.ORGANISATION, words.Kind.CONTENT, _OWN_KEY),
            *words.each("asked_by", _MEMBER, words.Kind.REFERENCE, why="who answers for it"),
            *words.work("query began_at review_on ended_at"),
        ),
        corrected="by ending it and starting another",
        ended=words.Ended.BY_AGE,
        kept="three years to the end of the year after it ended; the reason goes with its person",
    ),
    words.Table(
        model="store.TaxAudit",
        purpose="keeping letters while a tax audit is open (§ 147(3) AO)",
        fields=(
            *words.rows("id organisation"),
            *words.each("set_by", _MEMBER, words.Kind.REFERENCE, why="who answers for it"),
            *words.work("year open_until set_at"),
        ),
        corrected="by an owner",
        ended=words.Ended.KEPT,
        kept="a year and a day, nobody's data",
    ),
    words.Table(
        model="store.RetentionMark",
        purpose="showing that periods are kept (Art. 5(1)(e), 5(2))",
        fields=(
            *words.rows("id organisation"),
            *words.each("approved_by", _MEMBER, words.Kind.REFERENCE, why="who answers for it"),
            *words.work("day rule name state stock due done held oldest began_at ended_at"),
        ),
        ended=words.Ended.KEPT,
        kept="counts per day and class, nobody's data",
    ),
    words.Table(
        model="store.PersonRequest",
        purpose="answering people in time (Art. 12, 15 to 21)",
        subject="subject",
        rule="L-20",
        exported=True,
        fields=(
            *words.rows("id organisation branch message_ref"),
            *words.about_person("subject", words.Kind.STATE, _OUTLIVES),
            *words.each(
                "said_sealed reason_sealed changes_sealed",
                words.Whose.PERSON,
                words.Kind.STATE,
                _OWN_KEY,
            ),
            *words.each(
                "code_digest",
                words.Whose.PERSON,
                words.Kind.CREDENTIAL,
                words.Protection.KEYED_HASH,
            ),
            *words.each("answered_by", _MEMBER, words.Kind.REFERENCE, why="who answered"),
            *words.work("kind channel state received_on due_on extended_on identified_by"),
            *words.work("identified_at proof notices reminded answered_at result created_at"),
        ),
        corrected="by a new request",
        ended=words.Ended.BY_AGE,
        kept="three years to the end of the year after it was answered; words go with the person",
    ),
    words.Table(
        model="store.RequestReminder",
        purpose="answering people in time (Art. 12(3), 24)",
        member="member",
        rule="L-20",
        fields=(
            *words.rows("id organisation request permit"),
            *words.each("member", _MEMBER, words.Kind.REFERENCE, why="who was reminded"),
            *words.work("due_on step state attempts problem due_at claimed_at sent_at created_at"),
        ),
        ended=words.Ended.WITH_MEMBER,
        kept="with its request",
    ),
    words.Table(
        model="store.AccessPackage",
        purpose="giving people their copy (Art. 15(3), 20)",
        person="person",
        fields=(
            *words.rows("id organisation request_ref"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each(
                "token_digest code_digest",
                words.Whose.PERSON,
                words.Kind.CREDENTIAL,
                words.Protection.KEYED_HASH,
            ),
            *words.each(
                "left_out_sealed",
                words.Whose.PERSON,
                words.Kind.STATE,
                words.Protection.PERSON_KEY,
            ),
            *words.work("state redactions manifest_digest size tries expires_at downloaded_at"),
            *words.work("created_at"),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="two weeks after it was made",
    ),
    words.Table(
        model="store.PackageChunk",
        purpose="giving people their copy (Art. 15(3), 20)",
        person="package__person",
        fields=(
            *words.rows("id organisation package position"),
            *words.each(
                "sealed", words.Whose.PERSON, words.Kind.CONTENT, words.Protection.PERSON_KEY
            ),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="two weeks after it was made",
    ),
)
