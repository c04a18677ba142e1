"""How an e-mail leaves, and what each answer of a server means; against a real server on loopback."""

from datetime import UTC, datetime

import pytest

from tests import mailserver, network
from werkbote.channels import driver, egress, outgoing
from werkbote.domain import events, policy
from werkbote.domain.failures import Course

READER = events.Party(email="petra@kundin.example")


def mail(**changes: str) -> outgoing.Mail:
    given = {
        "ident": "wb.7.00112233445566778899@autohaus.example",
        "subject": "Grüße aus der Werkstatt",
        "text": "Größe 205/55 R16 – ab 49 €",
        "html": "<p>Größe 205/55 R16 – ab 49 €</p>",
        "sender": "news@autohaus.example",
        "company": "Müller & Söhne, Kfz",
        "unsubscribe": "https://autohaus.example/n/b/u/7-ab",
        "list_id": "newsletter.b.autohaus.example",
    }
    return outgoing.Mail(**{**given, **changes})


def access(url: str, **login: str) -> driver.Access:
    given = {"token": "", "number": "mail-1", **login}
    return driver.Access(base_url=url, **given)


async def send(
    to: driver.Access, body: outgoing.Body | None = None, *, endpoint: str = "", attempt: int = 1
) -> outgoing.Receipt:
    permit = policy.Permit(
        message_id="7",
        purpose="P-14",
        basis="Art. 6 Abs. 1 lit. a DSGVO",
        evidence=(),
        policy_version="1/test",
        decided_at=datetime(2026, 11, 23, tzinfo=UTC),
        processor="mail",
        endpoint=endpoint or to.endpoint,
    )
    message = outgoing.Outgoing(message_id="7", to=READER, body=body or mail())
    return await egress.send(
        permit,
        message,
        access=to,
        attempt=attempt,
        guards=egress.Guards(in_transaction=lambda: False, stopped=network.running),
        scheme="mail",
    )


async def test_a_permitted_mail_arrives_whole_with_the_way_out_in_its_head():
    with mailserver.serving() as box:
        receipt = await send(access(box.url))
    (letter,) = box.letters
    assert receipt.provider_id == "wb.7.00112233445566778899@autohaus.example"
    assert box.envelopes == [("news@autohaus.example", ["petra@kundin.example"])]
    assert letter["Subject"] == "Grüße aus der Werkstatt"
    assert letter["From"] == '"Müller & Söhne, Kfz" <news@autohaus.example>'
    assert letter["Message-ID"] == f"<{receipt.provider_id}>"
    assert letter["List-Unsubscribe"] == "<https://autohaus.example/n/b/u/7-ab>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Id"] == "<newsletter.b.autohaus.example>"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert letter.get_body(("plain",)).get_content().strip() == "Größe 205/55 R16 – ab 49 €"


async def test_a_mail_that_owes_no_way_out_has_no_list_headers():
    with mailserver.serving() as box:
        await send(access(box.url), mail(unsubscribe="", list_id=""))
    names = set(box.letters[0].keys())
    assert {name for name in names if name.startswith("List-")} == set()


async def test_nothing_leaves_without_a_permit_for_this_very_server():
    with mailserver.serving() as box:
        with pytest.raises(egress.NotPermitted):
            await send(access(box.url), endpoint="mail.elsewhere.example")
        assert box.letters == []


@pytest.mark.parametrize(
    ("step", "answer", "raised", "course", "reason"),
    [
        ("RCPT", "550 5.1.1 no such user", egress.Rejected, Course.GIVE_UP, "mail_no_box"),
        ("RCPT", "550 no such user", egress.Rejected, Course.GIVE_UP, "mail_no_box"),
        ("RCPT", "550 5.7.1 listed as spam", egress.Rejected, Course.GIVE_UP, "mail_refused"),
        ("RCPT", "552 5.2.2 mailserver full", egress.Rejected, Course.GIVE_UP, "mail_refused"),
        ("RCPT", "450 4.2.0 greylisted", egress.Retry, Course.RETRY_LATER, "mail_later"),
        ("MAIL", "550 5.7.1 sender refused", egress.Rejected, Course.GIVE_UP, "mail_refused"),
        ("MAIL", "530 5.7.0 log in first", egress.NumberPaused, Course.TOKEN, "mail_login"),
        ("MAIL", "421 4.3.2 going down", egress.Retry, Course.RETRY_LATER, "mail_later"),
        ("MAIL", None, egress.Retry, Course.RETRY_SOON, "mail_unreachable"),
        ("RCPT", None, egress.Retry, Course.RETRY_SOON, "mail_unreachable"),
        ("DATA", "554 5.6.0 refused", egress.Rejected, Course.GIVE_UP, "mail_refused"),
        ("DATA", "451 4.3.0 later", egress.Retry, Course.RETRY_LATER, "mail_later"),
        ("DATA", None, egress.OutcomeUnknown, Course.UNKNOWN_OUTCOME, "mail_unclear"),
    ],
)
async def test_each_answer_means_one_thing(step, answer, raised, course, reason):
    with mailserver.serving() as box:
        box.says[step] = answer
        with pytest.raises(raised) as caught:
            await send(access(box.url))
    assert (caught.value.verdict.course, caught.value.verdict.reason.name) == (course, reason)
    assert box.letters == []


async def test_a_server_that_is_away_is_tried_again_and_not_for_ever():
    with mailserver.serving() as box:
        url = box.url
    with pytest.raises(egress.Retry):
        await send(access(url))
    with pytest.raises(egress.Rejected) as caught:
        await send(access(url), attempt=8)
    assert caught.value.verdict.exhausted


@pytest.mark.parametrize(("password", "accepted"), [(mailserver.PASSWORD, True), ("wrong", False)])
async def test_the_login_is_used_and_a_refused_one_pauses_the_sender(password, accepted):
    with mailserver.serving(login=True) as box:
        known = access(box.url, account="news", token=password)
        if accepted:
            await send(known)
        else:
            with pytest.raises(egress.NumberPaused):
                await send(known)
    assert len(box.letters) == accepted


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Angebot\r\nBcc: alle@kunden.example"},
        {"sender": "news@autohaus.example\r\nX: y"},
        {"company": "A\nB"},
        {"unsubscribe": "https://a.example/\r\nX-Evil: 1"},
        {"sender": "keine adresse"},
    ],
)
async def test_words_cannot_break_out_of_a_header(changes):
    with mailserver.serving() as box:
        with pytest.raises(egress.Rejected):
            await send(access(box.url), mail(**changes))
        assert box.letters == []


def test_a_password_is_never_shown_to_a_server_elsewhere_unencrypted():
    with pytest.raises(driver.InsecureEndpoint):
        access("http://mail.example")
    assert access("smtp://mail.example").endpoint == "mail.example"
