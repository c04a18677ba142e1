"""What is kept of cases and vehicles."""

from werkbote.store.personal_data import words

_PERSON = words.Whose.PERSON
_MEMBER = words.Whose.MEMBER
_PERSON_KEY = words.Protection.PERSON_KEY
_VEHICLE_KEY = words.Protection.VEHICLE_KEY

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.Case",
        purpose=words.CONVERSE,
        person="person",
        member="owner",
        exported=True,
        fields=(
            *words.rows("id organisation branch team"),
            *words.about_person("person vehicle", words.Kind.REFERENCE, words.LINKED),
            *words.each(
                "owner opened_by",
                _MEMBER,
                words.Kind.REFERENCE,
                why="whose work it is; in no report by name",
            ),
            *words.about_person("kind state contract", words.Kind.STATE, words.RETAINED),
            *words.each("title_sealed", _PERSON, words.Kind.CONTENT, _PERSON_KEY),
            *words.about_person("due_at created_at changed_at", words.Kind.TIME, words.SORTED),
            *words.about_person("closed_at", words.Kind.TIME, words.RETAINED),
        ),
        corrected="by staff",
        ended=words.Ended.WITH_PERSON,
        kept="by its class of the deletion concept, counted from its end",
    ),
    words.Table(
        model="store.Vehicle",
        purpose=words.CONVERSE,
        person="roles__person",
        exported=True,
        provided=("plate_sealed", "vin_sealed", "details_sealed"),
        fields=(
            *words.rows("id organisation"),
            *words.each("key_wrapped", _PERSON, words.Kind.KEY, words.Protection.ORGANISATION_KEY),
            *words.each(
                "plate_sealed vin_sealed details_sealed",
                _PERSON,
                words.Kind.CONTENT,
                _VEHICLE_KEY,
            ),
            *words.each(
                "plate_hash vin_hash", _PERSON, words.Kind.CONTENT, words.Protection.KEYED_HASH
            ),
            *words.about_person("country", words.Kind.STATE, "says how the plate is checked"),
            *words.about_person(
                "hu_due_on created_at changed_at",
                words.Kind.TIME,
                "reminders are claimed by it; whose vehicle it is says another row",
            ),
        ),
        corrected="by staff",
        ended=words.Ended.WITH_LAST_PERSON,
        kept="as long as somebody has a role towards it",
    ),
    words.Table(
        model="store.VehicleRole",
        purpose="telling nobody what is another's business",
        person="person",
        exported=True,
        fields=(
            *words.rows("id organisation vehicle"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.about_person(
                "role valid_from valid_to created_at",
                words.Kind.STATE,
                "asked before price, defects or documents are sent",
            ),
        ),
        corrected="by ending it and giving another",
        ended=words.Ended.WITH_PERSON,
        kept="as long as the person; the vehicle goes with its last role",
    ),
    words.Table(
        model="store.NameToken",
        purpose="finding a person by name or number, a case by its title",
        person="person",
        fields=(
            *words.rows("id organisation case"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.each("token", words.Whose.PERSON, words.Kind.NAME, words.Protection.KEYED_HASH),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="as long as the name it stands for",
    ),
    words.Table(
        model="store.UnaskedDocument",
        purpose="telling people that what they sent unasked is deleted (Art. 5(1)(a), 5(2))",
        person="person",
        rule="L-19",
        exported=True,
        fields=(
            *words.rows("id organisation branch message_ref notice_ref"),
            *words.about_person("person", words.Kind.REFERENCE, words.LINKED),
            *words.about_person(
                "received_on due_on letter_at created_at", words.Kind.TIME, words.SORTED
            ),
        ),
        ended=words.Ended.WITH_PERSON,
        kept="three years to the end of the year, as the proof that the notice was given",
    ),
)
