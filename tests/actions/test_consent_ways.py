"""Ways in: what may be offered, what a poster says, and what its code brings into the evidence."""

import io
from datetime import timedelta
from urllib.parse import unquote

import pypdf
import pytest
import segno
from PIL import Image

from tests import dealers, phones
from werkbote.actions import consent
from werkbote.store import ids, models, scope

START = dealers.NOW
SECOND = timedelta(seconds=1)


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


def _offered(dealer: dealers.Dealer, **changes: object) -> int:
    given = {"branch": dealer.branch, "keyword": "Werbung ja", "purposes": ("P-05",)}
    wish = consent.Offer(**{**given, **changes})
    return consent.offer(organisation=dealer.organisation, offer=wish, by="system", at=START)


def _link(dealer: dealers.Dealer, way: int) -> str:
    return consent.link_of(organisation=dealer.organisation, way=way, at=START)


def test_a_code_from_a_poster_leads_to_a_grant_whose_evidence_names_it(dealer):
    link = _link(dealer, _offered(dealer, code="Winter26", purposes=("P-05", "P-04")))
    assert link.startswith("https://wa.me/494066969001?text=")
    phones.writes(dealer, unquote(link.partition("text=")[2]), at=START)
    with scope.looking(organisation=dealer.organisation):
        asked = list(models.Message.objects.filter(role="consent_request").order_by("id"))
    assert len(asked) == 2
    for number, question in enumerate(asked, 1):
        quoted = phones.accepted(dealer, question, at=START + SECOND) or None
        payload = phones.payloads(dealer, question)[0]
        phones.taps(dealer, payload, at=START + number * 60 * SECOND, quoted=quoted)
    with scope.looking(organisation=dealer.organisation):
        states = dict(models.Consent.objects.values_list("purpose", "state"))
        confirmed = models.ConsentEvent.objects.filter(deed="confirmed").latest("position")
    assert states == {"P-04": "granted", "P-05": "granted"}
    found = phones.evidence(dealer, confirmed)
    assert found.presentation is not None
    assert (found.campaign, found.presentation.kind) == ("winter26", "QR code or link")
    assert found.presentation.reference == "winter26"


@pytest.mark.parametrize(
    "changes",
    [
        {"keyword": "!!"},
        {"keyword": "Stopp"},
        {"keyword": "w" * 90},
        {"code": "zwei worte"},
        {"code": "x" * 25},
        {"code": "ümlaut"},
        {"purposes": ()},
        {"purposes": ("P-01",)},
        {"purposes": ("P-99",)},
        {"purposes": ("P-14",)},
        {"branch": 1},
    ],
)
def test_a_way_that_cannot_work_is_refused_in_words(dealer, changes):
    with pytest.raises(consent.UnableToOffer):
        _offered(dealer, **changes)
    with scope.looking(organisation=dealer.organisation):
        assert models.ConsentWay.objects.count() == 0


def test_a_code_is_given_once_and_drawn_where_none_is_wished(dealer):
    _offered(dealer, code="xx1")
    for again in ("XX1", "xxx1"):
        with pytest.raises(consent.UnableToOffer):
            _offered(dealer, code=again)
    assert _link(dealer, _offered(dealer)) != _link(dealer, _offered(dealer))


def test_an_ended_way_asks_nobody(dealer):
    way = _offered(dealer, code="alt")
    consent.end(organisation=dealer.organisation, way=way, by="system", at=START)
    phones.writes(dealer, "WERBUNG JA ALT", at=START)
    with scope.looking(organisation=dealer.organisation):
        assert models.ConsentEvent.objects.count() == 0


@pytest.mark.shows("R-25", "R-36")
def test_the_poster_is_one_page_that_says_what_the_law_asks_for(dealer):
    way = _offered(dealer, code="w1", title="Reifen-Tipps aufs Handy")

    def made() -> bytes:
        return consent.sheet(
            organisation=dealer.organisation, way=way, kind=consent.Sheet.PDF, at=START
        )

    pdf = made()
    assert made() == pdf
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    text = " ".join(pages[0].extract_text().split())
    for part in (
        "Reifen-Tipps aufs Handy",
        "Autohaus Nordlicht GmbH",
        "„WERBUNG JA W1“",
        "+49 40 66969001",
        "Werbung, Angebote und Aktionen",
        "Höchstens",
        "STOPP",
        "ab 16 Jahren",
        "Meta",
        f"/d/{ids.short(dealer.branch)}",
    ):
        assert part in text, part


def test_the_longest_title_still_fits_one_page(dealer):
    way = _offered(
        dealer, code="x" * 24, title="W" * 30 + " " + "m" * 29, purposes=("P-04", "P-05", "P-06")
    )
    pdf = consent.sheet(organisation=dealer.organisation, way=way, kind=consent.Sheet.PDF, at=START)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1


def test_the_pictures_are_of_the_code_that_opens_the_chat(dealer):
    way = _offered(dealer, code="w1")
    given = {"organisation": dealer.organisation, "way": way, "at": START}
    poster = Image.open(io.BytesIO(consent.sheet(kind=consent.Sheet.PNG, **given)))
    assert poster.size == (1654, 2339)
    code = Image.open(io.BytesIO(consent.sheet(kind=consent.Sheet.CODE, **given))).convert("L")
    wanted = [list(row) for row in segno.make(_link(dealer, way), error="q").matrix]
    step = code.width // (len(wanted) + 8)
    shown = [
        [
            int(
                code.getpixel(((column + 4) * step + step // 2, (row + 4) * step + step // 2)) < 128
            )
            for column in range(len(wanted))
        ]
        for row in range(len(wanted))
    ]
    assert shown == wanted


def test_a_branch_without_a_number_has_no_poster(dealer):
    with scope.transaction(organisation=dealer.organisation):
        lonely = ids.new()
        place = models.Branch.objects.get(id=dealer.branch)
        place.id = lonely
        place.save(force_insert=True)
    with pytest.raises(consent.UnableToPost):
        _link(dealer, _offered(dealer, branch=lonely))


def test_a_title_the_typeface_lacks_is_refused_in_words(dealer):
    way = _offered(dealer, title="Зимние шины")
    with pytest.raises(consent.UnableToPrint):
        consent.sheet(organisation=dealer.organisation, way=way, kind=consent.Sheet.PDF, at=START)
