"""The demonstration's invented dealership: made once, remembered in demo.json, told to the simulator.

Names and numbers are invented; the numbers are from the ranges the Federal Network Agency keeps free
for films.
"""

import hashlib
import json
import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from werkbote.config import demo_cast as cast
from werkbote.config import demo_script as script
from werkbote.config import env, sandbox
from werkbote.domain import team as roles

FILE = "demo.json"


def read(environment: env.Environment) -> dict[str, Any]:
    """Return what is known of the dealership; nothing when it was made in another database."""
    try:
        found: dict[str, Any] = json.loads((environment.home / FILE).read_text())
    except FileNotFoundError:
        return {}
    return found if found.get("database") == _database(environment) else {}


def _database(environment: env.Environment) -> str:
    return fingerprint(env.refreshed(environment).owner)


def fingerprint(owner: env.Login | None) -> str:
    """Return by what a database is known again: a digest of its owner's login."""
    return hashlib.sha256((owner.url() if owner else "").encode()).hexdigest()[:16]


def is_complete(environment: env.Environment) -> bool:
    """Return True when nothing is missing and the simulator lives where it did."""
    known = read(environment)
    mail = known.get("mail") == environment.mail_url
    return mail and "parts_slug" in known and known["simulator"] == sandbox.address(environment)


def wants_talk(environment: env.Environment) -> bool:
    """Return whether the talks of the demonstration are to be played: once in its life, unless told not to."""
    return environment.demo_talk and "talk" not in read(environment)


def note_talk(environment: env.Environment, how: str) -> None:
    """Write down that the talks have begun, or have been played: what has begun never begins again."""
    known = read(environment)
    known["talk"] = how
    _write(environment.home / FILE, known)


def housed(environment: env.Environment) -> env.Environment:
    """Return the environment with the dealership's branch as the house of the public check."""
    from werkbote.store import ids  # noqa: PLC0415 -- slow import

    return replace(environment, house=ids.short(read(environment)["branch"]))


def _write(path: Path, known: dict[str, Any]) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(known, file, indent=2)
    fresh.replace(path)


class UnableToFurnish(Exception):
    """The demonstration cannot be made here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """What is known of the dealership; each entry is made once and written down at once."""

    path: Path
    known: dict[str, Any]

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self.known:
            self.known[name] = make()
            _write(self.path, self.known)
        return self.known[name]


def furnish(environment: env.Environment) -> None:
    """Make what is missing of the dealership, step by step."""
    import django  # noqa: PLC0415 -- slow import

    django.setup()
    book = _Book(path=environment.home / FILE, known=read(environment))
    book.once("database", lambda: _database(environment))
    _furnish_team(book)
    _furnish_number(book, environment)
    _furnish_newsletter(book, environment)


def _furnish_team(book: _Book) -> None:
    from werkbote.actions import team  # noqa: PLC0415 -- slow import

    now = datetime.now(UTC)
    organisation = book.once(
        "organisation", lambda: team.create_organisation(name="Autohaus Beispiel", at=now)
    )
    branch = book.once(
        "branch",
        lambda: team.create_branch(
            organisation=organisation,
            name="Werkstatt Mitte",
            legal_entity="Autohaus Beispiel GmbH",
            state_code="BE",
            by="system",
            at=now,
        ),
    )
    password = book.once("password", lambda: secrets.token_urlsafe(9))
    email = book.once("email", lambda: f"anna.{secrets.token_hex(2)}@autohaus.example")
    book.once(
        "member",
        lambda: team.create_member(
            organisation=organisation,
            email=email,
            name="Anna Beispiel",
            password=password,
            role=roles.Role.OWNER,
            language="de",
            branches=[branch],
            by="system",
            at=now,
        ),
    )
    south = book.once(
        "south",
        lambda: team.create_branch(
            organisation=organisation,
            name="Werkstatt Süd",
            legal_entity="Autohaus Beispiel GmbH",
            state_code="BY",
            by="system",
            at=now,
        ),
    )
    book.once("details", lambda: _describe(organisation, branch, cast.BERLIN, at=now))
    book.once("south_details", lambda: _describe(organisation, south, cast.MUNICH, at=now))
    book.once("policy", lambda: _acknowledge(organisation, book.known["member"], at=now))
    for short, name, role, places in cast.TEAM:
        book.once(f"{short}_email", partial(_address, short))
        book.once(short, partial(_join, book, (short, name, role, places), at=now))


def _address(short: str) -> str:
    return f"{short}.{secrets.token_hex(2)}@autohaus.example"


def _join(book: _Book, who: tuple[str, str, roles.Role, tuple[str, ...]], *, at: datetime) -> int:
    """Let a member join who has read the policy, with the owner's password."""
    short, name, role, places = who
    from werkbote.actions import team  # noqa: PLC0415 -- slow import

    made = team.create_member(
        organisation=book.known["organisation"],
        email=book.known[f"{short}_email"],
        name=name,
        password=book.known["password"],
        role=role,
        language="de",
        branches=[book.known[place] for place in places],
        by="system",
        at=at,
    )
    _acknowledge(book.known["organisation"], made, at=at)
    return made


def _describe(organisation: int, branch: int, place: dict[str, str], *, at: datetime) -> bool:
    """Enter what notice and imprint say of a branch."""
    from werkbote.actions import notice  # noqa: PLC0415 -- slow import
    from werkbote.domain import notice_page  # noqa: PLC0415 -- slow import

    details = notice_page.Details(
        company="Autohaus Beispiel GmbH",
        email="info@autohaus.example",
        imprint="Amtsgericht Berlin, HRB 00000; vertreten durch die Geschäftsführerin Anna Beispiel",
        **place,
    )
    notice.enter_details(
        organisation=organisation, branch=branch, details=details, by="system", at=at
    )
    return True


def _acknowledge(organisation: int, member: int, *, at: datetime) -> str:
    """Let a member of the demonstration have read the messenger policy."""
    from werkbote.actions import team  # noqa: PLC0415 -- slow import
    from werkbote.reads import team as reading  # noqa: PLC0415 -- slow import

    version = reading.policy_version(day=at.date())
    team.acknowledge(organisation=organisation, version=version, by=member, at=at)
    return version


def _furnish_number(book: _Book, environment: env.Environment) -> None:
    from werkbote.actions import numbers  # noqa: PLC0415 -- slow import

    now = datetime.now(UTC)
    address = book.once("simulator", lambda: sandbox.address(environment))
    if address != sandbox.address(environment):
        raise UnableToFurnish(
            f"This demonstration's simulator lives at {address}, where another program is now: "
            f"stop that program, or remove {environment.home} to begin anew."
        )
    for one in cast.NUMBERS:
        for secret in ("access_token", "app_secret", "verify_token"):
            book.once(f"{one.prefix}{secret}", lambda: secrets.token_urlsafe(24))
        connection = numbers.Connection(
            phone_number_id=one.number,
            account_id=one.account,
            phone=one.phone,
            label=one.label,
            token=book.known[f"{one.prefix}access_token"],
            app_secret=book.known[f"{one.prefix}app_secret"],
            verify_token=book.known[f"{one.prefix}verify_token"],
            graph_url=address,
            agreement_at=now.date(),
        )
        _connect(book, one, connection, at=now)


def _connect(book: _Book, one: cast.Number, connection: Any, *, at: datetime) -> None:
    from werkbote.actions import numbers  # noqa: PLC0415 -- slow import

    def made() -> str:
        row, slug = numbers.connect(
            organisation=book.known["organisation"],
            branch=book.known[one.place],
            number=connection,
            by="system",
            at=at,
        )
        book.known[f"{one.prefix}number"] = row
        return slug

    book.once(f"{one.prefix}slug", made)


def _furnish_newsletter(book: _Book, environment: env.Environment) -> None:
    """Open the newsletter anew where the mailbox has moved: its port is chosen at every start."""
    from werkbote.actions import newsletter  # noqa: PLC0415 -- slow import

    if book.known.get("mail") == environment.mail_url:
        return
    now = datetime.now(UTC)
    newsletter.open_sender(
        organisation=book.known["organisation"],
        branch=book.known["branch"],
        sender=newsletter.Sender(
            address="news@autohaus.example",
            name="Autohaus Beispiel GmbH",
            agreement_at=now.date(),
        ),
        by="system",
        at=now,
    )
    book.known["mail"] = environment.mail_url
    _write(book.path, book.known)


def introduce(environment: env.Environment) -> None:
    """Tell the simulator of the numbers and customers, as often as it starts."""
    known = read(environment)
    for one in cast.NUMBERS:
        told: dict[str, Any] = {
            "waba_id": one.account,
            "display_phone_number": one.phone,
            "verified_name": "Autohaus Beispiel",
            "access_token": known[f"{one.prefix}access_token"],
            "app_secret": known[f"{one.prefix}app_secret"],
            "verify_token": known[f"{one.prefix}verify_token"],
            "registered": one.registered,
            "contact_book": not one.registered,
        }
        if one.registered:
            hook = f"{environment.public_url}/hooks/meta/{known[f'{one.prefix}slug']}"
            told |= {"webhook_url": hook, "storage_region": "DE"}
        sandbox.put(environment, f"/sim/numbers/{one.number}", told)
    people = dict(cast.CUSTOMERS)
    if environment.demo_talk:
        people |= dict(script.customers())
    for key, customer in people.items():
        sandbox.put(environment, f"/sim/customers/{key}", customer)
    if "talk" in known:
        sandbox.catch_up(environment)


def main() -> int:
    """Furnish the dealership, or introduce it to the simulator; return the exit code."""
    environment = env.read()
    deed = {"furnish": furnish, "introduce": introduce}[sys.argv[1]]
    try:
        deed(environment)
    except (sandbox.UnableToIntroduce, UnableToFurnish) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
