"""What leaves the house right now, from its settings and rows, and what is recorded about who receives it."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.db import connection

from werkbote.domain import duties
from werkbote.store import keyring, models, rechtsstand, vault

_S3 = "s3://"
_MAIL = "mail"
_BODY = {"table": "processor", "column": "body_sealed"}

type _Found = Iterator[tuple[str, str, bool]]
"""Code of a line, destination, and whether it is set up."""


def connections(*, organisation: int, day: date) -> list[duties.outside.Connection]:
    """Return every connection that the product can open for a house, set up or not; inside a scope.

    A line that is not set up has one row without destination.
    """
    law = rechtsstand.outside(day)
    found = [*_of_house(organisation, law), *_of_installation()]
    there = {code for code, _, _ in found}
    found += [(code, "", False) for code in law.lines if code not in there]
    order = list(law.lines)
    return [
        duties.outside.Connection(
            line=law.lines[code],
            destination=destination,
            recipient=recipient(code, destination, day=day),
            on=on,
        )
        for code, destination, on in sorted(set(found), key=lambda one: (order.index(one[0]), one))
    ]


def recipient(line: str, destination: str, *, day: date) -> str:
    """Return the code of who is at the other end of a line, "" where it is the house itself."""
    law = rechtsstand.outside(day)
    if law.lines[line].whose is duties.outside.Whose.HOUSE:
        return ""
    host = urlsplit(f"//{destination}").hostname or ""
    return duties.outside.recipient_of(line, host, known=law.known)


def _of_house(organisation: int, law: duties.outside.Lines) -> _Found:
    for channel, url in models.Number.objects.values_list("channel", "graph_url").distinct():
        yield (_MAIL if channel == _MAIL else "whatsapp", place(url), True)
    keys = keyring.organisation(organisation).main
    told = set()
    for row in models.PushDevice.objects.order_by("id"):
        said = orjson.loads(keys.open(row.sealed, table="push_device", row=row.id, column="sealed"))
        told.add(urlsplit(str(said["endpoint"])).hostname or "")
    yield from (("push", host, True) for host in told)
    for one in law.known.values():
        known = [site for site in one.hosts if one.line == "push"]
        yield from (
            ("push", site, False)
            for site in known
            if not any(
                duties.outside.recipient_of("push", host, known=law.known) == one.code
                for host in told
            )
        )
    for subscription in models.Subscription.objects.filter(ended_at=None).order_by("id"):
        url = keys.open_text(
            subscription.url_sealed,
            table="subscription",
            row=subscription.id,
            column="url_sealed",
        )
        yield ("callbacks", place(url), True)


def _of_installation() -> _Found:
    for line, url in (
        ("company_sign_in", settings.WERKBOTE_OIDC_ISSUER),
        ("own_address", settings.WERKBOTE_PUBLIC_URL),
    ):
        if url:
            yield (line, place(url), True)
    if urlsplit(settings.WERKBOTE_MAIL_BOUNCES).hostname:
        yield ("mail_returns", place(settings.WERKBOTE_MAIL_BOUNCES), True)
    if settings.WERKBOTE_CLAMAV:
        yield ("scanner", settings.WERKBOTE_CLAMAV, True)
    for shelf in (settings.WERKBOTE_BACKUP_TO, settings.WERKBOTE_BACKUP_KEYS_TO):
        if shelf.startswith(_S3):
            yield ("backup", _store(), True)
    login = connection.settings_dict
    host, port = str(login["HOST"] or ""), str(login["PORT"] or "")
    yield ("database", f"{host}:{port}" if port and not host.startswith("/") else host, True)


def place(url: str) -> str:
    """Return host and port of an address, without login and path: a path may hold a secret."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return f"{host}:{parts.port}" if parts.port else host


def _store() -> str:
    """Return the host of the S3 store; its name is in a file that this process need not be able to read."""
    file: Path | None = settings.WERKBOTE_BACKUP_S3_FILE
    try:
        return place(str(json.loads(file.read_text())["endpoint"])) if file else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def stopped() -> frozenset[str]:
    """Return the codes of all recipients the house has stopped; inside a scope."""
    return frozenset(
        models.Processor.objects.exclude(stopped_at=None).values_list("code", flat=True)
    )


def recipient_of_number(channel: str, url: str) -> str:
    """Return the code of who is at the other end of a number's or a sender's line."""
    return duties.outside.recipient_of_number(channel, urlsplit(url).hostname or "")


def sealed(keys: vault.OrganisationKeys, row: int, body: Mapping[str, str]) -> bytes:
    """Return what was written about a recipient as its row keeps it."""
    return keys.main.seal(orjson.dumps(dict(body)), row=row, **_BODY)


def body(keys: vault.OrganisationKeys, row: models.Processor) -> dict[str, str]:
    """Return what was written about a recipient."""
    found: dict[str, str] = orjson.loads(keys.main.open(row.body_sealed, row=row.id, **_BODY))
    return found


def entry(keys: vault.OrganisationKeys, row: models.Processor) -> duties.recipients.Entry:
    """Return what the house has recorded about a recipient."""
    said = body(keys, row)
    return duties.recipients.Entry(
        **{name: said.get(name, "") for name in duties.recipients.WORDS},
        country=row.country,
        onward=row.onward,
        basis=row.basis,
        agreement_on=row.agreement_on,
        checked_on=row.checked_on,
        assessed_on=row.assessed_on,
    )


def in_use(*, organisation: int, day: date) -> frozenset[str]:
    """Return the codes of everybody the product can speak to for a house, known ones too; inside a scope."""
    found = {one.recipient for one in connections(organisation=organisation, day=day)}
    return frozenset({*found, *rechtsstand.outside(day).known} - {""})


def entries(keys: vault.OrganisationKeys, *, day: date) -> dict[str, duties.recipients.Entry]:
    """Return what is recorded about recipients by code, else what is known beforehand; inside a scope."""
    found = {
        one.code: duties.recipients.Entry(name=one.name, country=one.country, onward=one.onward)
        for one in rechtsstand.outside(day).known.values()
    }
    for row in models.Processor.objects.order_by("id"):
        said = entry(keys, row)
        if said.name:
            found[row.code] = said
    return found
