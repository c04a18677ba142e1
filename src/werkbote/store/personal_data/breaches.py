"""What is kept about data breaches."""

from werkbote.store.personal_data import words

_HOUSE = words.Whose.ORGANISATION
_OWN_KEY = words.Protection.ORGANISATION_KEY

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.Breach",
        purpose="documenting every breach, reported or not (Art. 33(5))",
        fields=(
            *words.rows("id organisation branch"),
            *words.work("kind state risk aware_at happened_at people_count records_count"),
            *words.work("told_at informed_at closed_at"),
            *words.each("body_sealed", _HOUSE, words.Kind.CONTENT, _OWN_KEY),
        ),
        rule="L-21",
        ended=words.Ended.BY_AGE,
        kept="five years after it was closed; says what happened, names nobody",
    ),
    words.Table(
        model="store.BreachPerson",
        purpose="telling those concerned (Art. 34)",
        person="person",
        exported=True,
        fields=(
            *words.rows("id organisation breach"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.about_person(
                "told_at told_way told_text",
                words.Kind.STATE,
                "shows that somebody was told, when and how (Art. 34)",
            ),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as the person",
    ),
)
