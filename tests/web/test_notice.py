from urllib.parse import urlsplit

import pytest
from django.test import Client, override_settings

from tests import dealers, readers
from werkbote.actions import notice, policy
from werkbote.domain import notice_page
from werkbote.store import ids, keyring, ledger, models, scope


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="127.0.0.1")


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


def _details(**entered: str) -> notice_page.Details:
    return notice_page.Details(
        company="Autohaus Nordlicht GmbH", branch="Hamburg", state_code="HH", **entered
    )


def _enter(dealer: dealers.Dealer, **entered: str) -> None:
    notice.enter_details(
        organisation=dealer.organisation,
        branch=dealer.branch,
        details=_details(**entered),
        by="system",
        at=dealers.NOW,
    )


@pytest.mark.shows("R-20", "R-36", "R-106")
def test_notice_names_controller_purposes_objection_and_authority(client: Client, dealer) -> None:
    _enter(dealer, street="Werftweg 1", place="20457 Hamburg", email="info@nordlicht.example")
    page = client.get(f"/d/{ids.short(dealer.branch)}/de").content.decode()
    for part in (
        "Autohaus Nordlicht GmbH",
        "Werftweg 1, 20457 Hamburg",
        "Ihr Recht zu widersprechen (Art. 21 DSGVO)",
        "§ 7 Abs. 2 Nr. 2 UWG",
        "Der Hamburgische Beauftragte",
        "WhatsApp Ireland Limited",
    ):
        assert part in page, part


def test_notice_follows_the_language_of_the_browser(client: Client, dealer) -> None:
    answer = client.get(f"/d/{ids.short(dealer.branch)}", headers={"accept-language": "en"})
    assert answer["Content-Language"] == "en"
    assert "Your right to object (Art. 21 GDPR)" in answer.content.decode()


@pytest.mark.shows("R-79", "R-106")
def test_the_link_of_the_first_message_leads_to_the_imprint(client: Client, dealer) -> None:
    imprint = "https://nordlicht.example/impressum"
    _enter(dealer, street="Werftweg 1", place="20457 Hamburg", imprint=imprint)
    address = policy.link(dealer.branch)
    page = client.get(urlsplit(address).path).content.decode()
    assert imprint in page


@pytest.mark.shows("R-69")
def test_notice_sets_no_cookie_and_loads_no_script(client: Client, dealer) -> None:
    answer = client.get(f"/d/{ids.short(dealer.branch)}")
    assert (answer.status_code, len(answer.cookies)) == (200, 0)
    page = answer.content.decode()
    assert "<script" not in page
    assert "http://" not in page.replace("http://127.0.0.1", "")
    assert "https://" not in page


@pytest.mark.shows("R-25")
def test_notice_keeps_every_published_version(client: Client, dealer) -> None:
    _enter(dealer, email="alt@nordlicht.example")
    with scope.looking(organisation=dealer.organisation):
        old = models.PublishedNotice.objects.get(language="de").version
    _enter(dealer, email="neu@nordlicht.example")
    address = f"/d/{ids.short(dealer.branch)}/de"
    assert "neu@nordlicht.example" in client.get(address).content.decode()
    former = client.get(f"{address}/{old}").content.decode()
    assert "alt@nordlicht.example" in former
    assert "Dies ist eine frühere Fassung." in former


def test_publish_without_a_change_publishes_nothing(dealer) -> None:
    _enter(dealer)
    assert notice.publish(organisation=dealer.organisation, at=dealers.NOW) == 0


@pytest.mark.shows("R-25")
def test_publish_of_a_branch_nobody_described_is_an_entry_of_the_chain(dealer) -> None:
    assert notice.publish(organisation=dealer.organisation, at=dealers.NOW) == 2
    with scope.looking(organisation=dealer.organisation):
        entry = models.AuditEntry.objects.get(verb="notice.publish")
    assert (entry.actor, entry.detail) == ("system", {"versions": 2})
    assert entry.object == f"branch:{dealer.branch}"


@pytest.mark.parametrize("house", ["zzzz", "0", "-", "1y2p0ij32e8e8", "AB"])
def test_notice_of_no_branch_is_missing(client: Client, dealer, house: str) -> None:
    assert dealer.branch
    assert client.get(f"/d/{house}").status_code == 404


@pytest.mark.shows("R-79")
def test_imprint_names_the_business_and_how_to_reach_it(client: Client, dealer) -> None:
    _enter(
        dealer,
        street="Werftweg 1",
        place="20457 Hamburg",
        phone="+49 40 66969001",
        email="info@nordlicht.example",
        imprint="https://nordlicht.example/impressum",
    )
    answer = client.get(f"/i/{ids.short(dealer.branch)}")
    page = answer.content.decode()
    for part in (
        "Impressum",
        "§ 5 DDG",
        "Autohaus Nordlicht GmbH",
        "Werftweg 1<br>20457 Hamburg",
        "+49 40 66969001",
        'href="mailto:info@nordlicht.example"',
        'href="https://nordlicht.example/impressum"',
    ):
        assert part in page, part
    assert "noch nicht vollständig" not in page
    assert (answer.status_code, len(answer.cookies)) == (200, 0)
    assert "<script" not in page
    assert f'href="/i/{ids.short(dealer.branch)}"' in (
        client.get(f"/d/{ids.short(dealer.branch)}/de").content.decode()
    )


def test_imprint_that_lacks_something_says_so_and_a_foreign_one_is_none(
    client: Client, dealer
) -> None:
    _enter(dealer, street="<b>Werftweg</b>")
    page = client.get(f"/i/{ids.short(dealer.branch)}?lang=en").content.decode()
    assert "not complete yet" in page
    assert "<b>Werftweg" not in page
    for house in ("nothing", ids.short(7)):
        assert client.get(f"/i/{house}").status_code == 404


def test_imprint_of_an_installation_shared_by_several_is_the_one_that_is_set(
    client: Client, dealer
) -> None:
    _enter(dealer, email="info@nordlicht.example")
    dealers.dealer()
    page = client.get("/impressum/").content.decode()
    assert "info@nordlicht.example" not in page
    assert "WERKBOTE_IMPRINT_URL" in page
    with override_settings(WERKBOTE_IMPRINT_URL="https://autohaus.example/impressum"):
        assert client.get("/impressum/")["Location"] == "https://autohaus.example/impressum"


@pytest.mark.shows("R-25")
def test_notice_names_a_mail_server_that_somebody_else_runs(client: Client, dealer) -> None:
    with readers.house(dealer) as house:
        address = f"/n/{ids.short(dealer.branch)}"
        assert "Mailservers" not in client.get(address).content.decode()
        with scope.transaction(organisation=dealer.organisation):
            models.Number.objects.filter(id=house.number).update(
                graph_url="smtps://mail.provider.example"
            )
        for page in (address, f"/d/{ids.short(dealer.branch)}/de"):
            assert "Mailservers mail.provider.example" in client.get(page).content.decode()
        house.signs_up(readers.ANNA, at=dealers.NOW)
    keys = keyring.organisation(dealer.organisation)
    with scope.looking(organisation=dealer.organisation):
        evidence = models.ConsentEvidence.objects.select_related("person").get()
    key = keys.unwrap(evidence.person.key_wrapped, person=evidence.person_id)
    assert "mail.provider.example" in repr(ledger.opened(key, evidence))
