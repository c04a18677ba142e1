"""Situations for the gate: the everyday answer and the lawful advertisement, and how to vary them."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from werkbote.domain import consent, law, policy, quiet
from werkbote.store import rechtsstand

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LAW = rechtsstand.on(NOW.date())

ANSWER = policy.Facts(
    law=LAW,
    message=policy.MessageFacts(
        message_id="message-1",
        kind=policy.Kind.FREE_FORM,
        purpose="P-02",
        author=policy.Author.STAFF,
    ),
    person=policy.PersonFacts(
        person_id="person-1",
        erased=False,
        restricted=False,
        minor_suspected=False,
        objected_advertising=False,
        objected_purposes=frozenset(),
        identity=policy.IdentityState.VERIFIED,
    ),
    number=policy.NumberFacts(number_id="number-1", legal_entity="entity-1"),
    suppression=policy.SuppressionFacts(advertising=False, everything_since=None),
    window=policy.WindowFacts(
        number_id="number-1",
        last_inbound_at=NOW - timedelta(hours=2),
        last_inbound_id="inbound-1",
    ),
    readable=True,
    notice=policy.NoticeFacts(due=False),
    processor=policy.ProcessorFacts(
        processor="meta", endpoint="graph.facebook.com", agreement_id="agreement-1"
    ),
)
"""A service adviser answers a customer who wrote two hours ago."""

REMINDER = policy.TemplateFacts(
    name="hu_erinnerung",
    language="de",
    status=policy.TemplateStatus.APPROVED,
    meta_category=policy.MetaCategory.UTILITY,
    german_class=policy.GermanClass.ADVERTISING,
    text="Guten Tag {{1}}, die HU Ihres Fahrzeugs ist im {{2}} fällig. Keine Erinnerung mehr? STOPP",
    expected=("1", "2"),
    given=(
        policy.Parameter(name="1", value="Frau Muster"),
        policy.Parameter(name="2", value="Dezember"),
    ),
)

ADVERTISEMENT = replace(
    ANSWER,
    message=policy.MessageFacts(
        message_id="message-2",
        kind=policy.Kind.TEMPLATE,
        purpose="P-04",
        author=policy.Author.SYSTEM,
        language="de",
    ),
    window=policy.WindowFacts(number_id="number-1"),
    consent=policy.ConsentFacts(
        state=consent.State.GRANTED, consent_id="consent-1", purpose="P-04", legal_entity="entity-1"
    ),
    template=REMINDER,
    branch=policy.BranchFacts(
        bundesland="BW", zone=ZoneInfo("Europe/Berlin"), holidays=frozenset()
    ),
    caps=policy.CapFacts(sent=()),
)
"""A reminder of the inspection to someone who agreed, by template, on a Monday at 13:00."""

STATUS = replace(
    ADVERTISEMENT,
    message=replace(ADVERTISEMENT.message, purpose="P-01"),
    consent=policy.ConsentFacts(),
    case=policy.CaseFacts(case_id="case-1", state=policy.CaseState.OPEN),
    template=replace(REMINDER, name="fertig", german_class=policy.GermanClass.SERVICE),
    person=replace(ANSWER.person, channel_opt_in="inbound-0"),
)
"""News of an open case, by template, outside the window."""

REQUEST = replace(
    ADVERTISEMENT,
    message=replace(ADVERTISEMENT.message, role=law.Role.CONSENT_REQUEST),
    consent=policy.ConsentFacts(
        state=consent.State.PENDING, consent_id="consent-1", purpose="P-04", legal_entity="entity-1"
    ),
    template=replace(REMINDER, german_class=policy.GermanClass.CONSENT_REQUEST),
)
"""The question that confirms a consent someone began on a form."""

RECEIPT = replace(
    ANSWER,
    message=replace(ANSWER.message, role=law.Role.WITHDRAWAL_RECEIPT),
    suppression=policy.SuppressionFacts(
        advertising=True, everything_since=ANSWER.window.last_inbound_at, receipt_sent=False
    ),
)
"""The one confirmation of "ALLES STOPP"."""

NOTICE = replace(
    ANSWER,
    message=replace(
        ANSWER.message, role=law.Role.RESTRICTION_NOTICE, ground="person_request:1", answers=None
    ),
    person=replace(ANSWER.person, restricted=True),
)
"""What a person is told before their restriction ends."""

PERMITTED = {
    "answer": ANSWER,
    "advertisement": ADVERTISEMENT,
    "status": STATUS,
    "request": REQUEST,
    "receipt": RECEIPT,
    "notice": NOTICE,
}


def vary(facts: policy.Facts, group: str | None = None, **changes: Any) -> policy.Facts:
    """Return the facts with changed fields, of one group or at the top."""
    if group is None:
        return replace(facts, **changes)
    return replace(facts, **{group: replace(getattr(facts, group), **changes)})


def decide(facts: policy.Facts, *, now: datetime = NOW) -> policy.Permit | policy.Refusal:
    return policy.decide(facts, now=now)


def refused_by(facts: policy.Facts, *, now: datetime = NOW) -> law.RuleId | None:
    decision = decide(facts, now=now)
    return decision.rule if isinstance(decision, policy.Refusal) else None


MOMENTS = st.datetimes(
    datetime(2026, 10, 1),  # noqa: DTZ001 -- Hypothesis adds the zone
    datetime(2027, 1, 31),  # noqa: DTZ001 -- Hypothesis adds the zone
    timezones=st.just(UTC),
)
IDS = st.sampled_from([None, "", "id-1"])
NEAR = st.sampled_from(
    [None, *(NOW - timedelta(hours=hours) for hours in (0, 1, 23, 25, 400)), NOW.replace(year=3000)]
)
TEXTS = st.sampled_from(
    [
        "Ihr Wagen ist fertig.",
        "Abbestellen mit STOPP.",
        "Bitte senden Sie ein Foto vom Ausweis.",
        "",
        "a\nb",
        "x" * 1025,
    ]
)

MESSAGES = st.builds(
    policy.MessageFacts,
    message_id=st.just("message-1"),
    kind=st.sampled_from(policy.Kind),
    purpose=st.sampled_from([None, "", "P-99", *LAW.purposes]),
    author=st.sampled_from(policy.Author),
    role=st.sampled_from([law.Role.PLAIN, law.Role.PLAIN, *law.Role]),
    answers=IDS,
    ground=IDS,
    language=st.sampled_from([None, "de", "en"]),
    names_stop=st.booleans(),
)
PERSONS = st.builds(
    policy.PersonFacts,
    person_id=st.just("person-1"),
    erased=st.sampled_from([False, False, False, True]),
    restricted=st.sampled_from([False, False, False, True]),
    minor_suspected=st.booleans(),
    objected_advertising=st.booleans(),
    objected_purposes=st.sampled_from([frozenset(), frozenset({"P-02"})]),
    identity=st.sampled_from([policy.IdentityState.VERIFIED, *policy.IdentityState]),
    identity_changed_at=NEAR,
    channel_opt_in=IDS,
)
CONSENTS = st.builds(
    policy.ConsentFacts,
    state=st.sampled_from([consent.State.GRANTED, *consent.State]),
    consent_id=IDS,
    purpose=st.sampled_from([None, "P-04", "P-05"]),
    legal_entity=st.sampled_from([None, "entity-1", "entity-1", "entity-2"]),
    asked_from_number=st.booleans(),
)
PARAMETERS = st.lists(
    st.builds(policy.Parameter, name=st.sampled_from(["1", "2"]), value=TEXTS), max_size=3
).map(tuple)
TEMPLATES = st.builds(
    policy.TemplateFacts,
    name=st.just("template"),
    language=st.sampled_from(["de", "en"]),
    status=st.sampled_from([policy.TemplateStatus.APPROVED, *policy.TemplateStatus]),
    meta_category=st.sampled_from(policy.MetaCategory),
    german_class=st.sampled_from(policy.GermanClass),
    text=TEXTS,
    expected=st.sampled_from([(), ("1",), ("1", "2")]),
    given=PARAMETERS,
)
PROCESSORS = st.builds(
    policy.ProcessorFacts,
    processor=st.just("meta"),
    endpoint=st.just("graph.facebook.com"),
    agreement_id=IDS,
    agreement_until=st.sampled_from([None, date(2026, 1, 1), date(2027, 12, 31)]),
    blocked=st.booleans(),
)
HOURS = st.sampled_from(
    [None, quiet.Hours(opens=NOW.time(), closes=NOW.replace(hour=13).time(), weekdays=frozenset())]
)
BRANCHES = st.builds(
    policy.BranchFacts,
    bundesland=st.just("BW"),
    zone=st.just(ZoneInfo("Europe/Berlin")),
    holidays=st.frozensets(st.dates(date(2026, 11, 20), date(2026, 12, 31)), max_size=9),
    hours=HOURS,
)
CAPS = st.builds(
    policy.CapFacts,
    sent=st.lists(MOMENTS, max_size=4).map(tuple),
    caps=st.sampled_from([(), (law.Cap(count=0, days=1),), (law.Cap(count=3, days=7),)]),
)
FACTS = st.builds(
    policy.Facts,
    law=st.just(LAW),
    message=MESSAGES,
    person=PERSONS,
    number=st.just(ANSWER.number),
    suppression=st.builds(
        policy.SuppressionFacts,
        advertising=st.booleans(),
        everything_since=NEAR,
        receipt_sent=st.booleans(),
    ),
    window=st.builds(
        policy.WindowFacts,
        number_id=st.sampled_from(["number-1", "number-1", "number-2"]),
        last_inbound_at=NEAR,
        last_inbound_id=IDS,
        last_call_at=NEAR,
        last_call_id=IDS,
    ),
    readable=st.sampled_from([True, True, True, False]),
    consent=CONSENTS,
    notice=st.builds(policy.NoticeFacts, due=st.booleans(), attached=st.booleans()),
    case=st.none()
    | st.builds(
        policy.CaseFacts,
        case_id=st.just("case-1"),
        state=st.sampled_from(policy.CaseState),
        grace_until=NEAR,
    ),
    template=st.none() | TEMPLATES,
    processor=st.none() | PROCESSORS,
    branch=st.none() | BRANCHES,
    caps=st.none() | CAPS,
    assistant=st.builds(
        policy.AssistantFacts,
        assessment_needed=st.booleans(),
        assessment_id=IDS,
        disclosed=st.booleans(),
        disclosure_attached=st.booleans(),
        human_wanted=st.booleans(),
    ),
)
"""Any facts at all, mostly refused."""

WILD = {field.name: field for field in fields(policy.Facts)}


@st.composite
def near_permits(draw: st.DrawFn) -> policy.Facts:
    """Draw a permitted situation with up to three groups replaced by anything."""
    facts = draw(st.sampled_from(list(PERMITTED.values())))
    other = draw(FACTS)
    groups = draw(st.sets(st.sampled_from(sorted(WILD)), max_size=3))
    return replace(facts, **{group: getattr(other, group) for group in groups})
