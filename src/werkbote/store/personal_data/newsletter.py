"""What is kept of the newsletter, and of requests that came through the contact form."""

from werkbote.store.personal_data import words

_PERSON = words.Whose.PERSON
_MEMBER = words.Whose.MEMBER

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.NewsletterIssue",
        purpose="informing those who subscribed",
        member="author",
        fields=(
            *words.rows("id organisation branch"),
            *words.work("subject text language state readers unsubscribed"),
            *words.work("created_at changed_at begun_at queued_at"),
            *words.each("author", _MEMBER, words.Kind.REFERENCE, why="who answers for it"),
        ),
        corrected="by an owner while it is a draft",
        ended=words.Ended.WITH_ORGANISATION,
        kept="issues that were sent are public; counts are nobody's data",
    ),
    words.Table(
        model="store.ContactRequest",
        purpose="answering who asked to be contacted (Art. 6(1)(b))",
        person="person",
        member="answered_by",
        exported=True,
        provided=("body", "created_at"),
        fields=(
            *words.rows("id organisation branch case"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each("body", _PERSON, words.Kind.CONTENT, words.Protection.PERSON_KEY),
            *words.work("kind proof state created_at answered_at"),
            *words.each("answered_by", _MEMBER, words.Kind.REFERENCE, why="who answered for it"),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="six months after the answer",
    ),
)
