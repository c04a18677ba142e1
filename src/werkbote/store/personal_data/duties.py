"""What is kept about who receives data from the house."""

from werkbote.store.personal_data import words

_HOUSE = words.Whose.ORGANISATION
_MEMBER = words.Whose.MEMBER
_OWN_KEY = words.Protection.ORGANISATION_KEY

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.Processor",
        purpose="knowing who receives data, on which ground, and stopping it (Art. 28, 30, 44-49)",
        fields=(
            *words.rows("id organisation"),
            *words.work("code country onward basis agreement_on checked_on assessed_on"),
            *words.work("stopped_at changed_at"),
            *words.each("body_sealed", _HOUSE, words.Kind.CONTENT, _OWN_KEY),
        ),
        ended=words.Ended.WITH_ORGANISATION,
        kept="as long as the house works with the recipient",
    ),
    words.Table(
        model="store.Paper",
        purpose="showing an authority what held when (Art. 5(2), 30)",
        fields=(
            *words.rows("id organisation"),
            *words.work("kind position digest made_at"),
            *words.each("body_sealed", _HOUSE, words.Kind.CONTENT, _OWN_KEY),
            *words.each("made_by", _MEMBER, words.Kind.REFERENCE, why="who answered for it"),
        ),
        ended=words.Ended.WITH_ORGANISATION,
        kept="every version, since it says what was in force",
    ),
    words.Table(
        model="store.Officer",
        purpose="appointing a data protection officer and naming them (Art. 13, 37)",
        fields=(
            *words.rows("id organisation"),
            *words.work("people assessment appointed_on notified_on changed_at"),
            *words.each("body_sealed", _HOUSE, words.Kind.CONTACT, _OWN_KEY),
        ),
        corrected="by an owner or the officer",
        ended=words.Ended.WITH_ORGANISATION,
        kept="as long as the house",
    ),
    words.Table(
        model="store.JointController",
        purpose="showing with whom the house decides about data (Art. 26)",
        fields=(
            *words.rows("id organisation"),
            *words.work("agreed_on ended_at created_at"),
            *words.each("body_sealed paper_sealed", _HOUSE, words.Kind.CONTENT, _OWN_KEY),
        ),
        ended=words.Ended.WITH_ORGANISATION,
        kept="ended ones too, since they say what was agreed",
    ),
)
