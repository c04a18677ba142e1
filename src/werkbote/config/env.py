"""The environment, typed: every WERKBOTE_* variable, what it means, and what is wrong with it.

This is the only module that reads os.environ. All errors are collected and shown at once.
"""

import difflib
import os
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from werkbote.channels import scanner
from werkbote.config import cluster

_PREFIX = "WERKBOTE_"
_CHECKOUT = Path(__file__).resolve().parents[3]
_PORTS = range(1, 65536)

VARIABLES: Mapping[str, str] = {
    "WERKBOTE_HOME": "directory of keys, embedded database and run files (.werkbote in the checkout)",
    "WERKBOTE_KEY_FILE": "key file (keys.json in WERKBOTE_HOME)",
    "WERKBOTE_KEYS": "the key file's text itself, where there is no file (none)",
    "WERKBOTE_DATABASE_URL": "postgresql://owner:password@host/name (the embedded PostgreSQL)",
    "WERKBOTE_DATABASE_APP_URL": "login of the application role (made and derived by us)",
    "WERKBOTE_DATABASE_ROLE": "“application” or “owner”: whom this process logs in as (application)",
    "WERKBOTE_DATABASE_POOL": "connections a process may hold (8)",
    "WERKBOTE_PUBLIC_URL": "address people and Meta reach (http://127.0.0.1:PORT)",
    "WERKBOTE_IMPRINT_URL": "page with the operator's imprint, linked from the public check (none)",
    "WERKBOTE_MAIL_URL": "SMTP server of the newsletter: smtps://user:password@host (none)",
    "WERKBOTE_MAIL_BOUNCES": "where undeliverable mail returns: imaps://… or maildir:/path (none)",
    "WERKBOTE_CLAMAV": "clamd that scans files: host:port or path of its socket (none: no scanning)",
    "WERKBOTE_SECURITY_CONTACT": "mailto: or https: address for reports of weaknesses (none)",
    "WERKBOTE_HOUSE": "branch (as in its page addresses) whose newsletter the check offers (none)",
    "WERKBOTE_HOST": "address to listen on (127.0.0.1)",
    "WERKBOTE_PORT": "port to listen on (8000)",
    "WERKBOTE_GRAPH_URL": "address of Meta's Graph API for numbers connected anew (https://graph.facebook.com)",
    "WERKBOTE_SANDBOX_PORT": "port of the simulator (8090)",
    "WERKBOTE_WEB_PROCESSES": "number of web processes (1)",
    "WERKBOTE_WORKER_CONCURRENCY": "jobs a worker does at once (4)",
    "WERKBOTE_LOG_LEVEL": "debug, info, warning or error (info)",
    "WERKBOTE_CHAIN_COPY": "directory elsewhere for daily copies of the chains' heads (none)",
    "WERKBOTE_JOURNAL": "directory of the erasure journal, shared by all hosts (journal in WERKBOTE_HOME)",
    "WERKBOTE_SECOND_FACTOR": "“required”, or “optional” where nobody but this machine gets in (required)",
    "WERKBOTE_BREACHED_PASSWORDS": "file of SHA-1 hashes of breached passwords, sorted (none)",
    "WERKBOTE_OIDC_ISSUER": "address of the identity provider for single sign-on (none)",
    "WERKBOTE_OIDC_CLIENT_ID": "what we are called there (werkbote)",
    "WERKBOTE_OIDC_SECRET_FILE": "file with our secret there, mode 0600 (none)",
    "WERKBOTE_BACKUP_TO": "where backups go: a directory or s3://bucket/prefix (none: no backups)",
    "WERKBOTE_BACKUP_KEYS_TO": "where copies of the keys go, better apart (“keys” in WERKBOTE_BACKUP_TO)",
    "WERKBOTE_BACKUP_S3_FILE": "JSON file (0600): endpoint, region, key, secret of the S3 store (none)",
    "WERKBOTE_BACKUP_RECIPIENTS": "age recipients (age1…) backups are sealed for, with commas (none)",
    "WERKBOTE_BACKUP_IDENTITY": "age identity file (0600) that opens backups, for restore and drill (none)",
    "WERKBOTE_BACKUP_PASSPHRASE_FILE": "file (0600) with a passphrase, instead of recipients (none)",
    "WERKBOTE_BACKUP_KEEP_DAYS": "days a backup of the data is kept (30)",
    "WERKBOTE_BACKUP_KEYS_KEEP_DAYS": "days a backup of the keys is kept (7)",
    "WERKBOTE_DATABASE_PROGRAMS": "directory of pg_dump and pg_restore (the embedded PostgreSQL's)",
    "WERKBOTE_DEMO_TALK": "“off” for a demonstration in which nobody has written yet (on)",
    "WERKBOTE_FSYNC": "“off” only where the data may be lost, such as tests (on)",
    "WERKBOTE_TEST_DATABASE_URL": "server the tests use (an embedded one)",
}


class UnableToReadEnvironment(Exception):
    """One or more WERKBOTE_* variables cannot be understood; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A PostgreSQL address with a login; `options` are libpq's (sslmode, sslrootcert …)."""

    user: str
    password: str = field(repr=False)
    host: str
    port: str
    name: str
    options: tuple[tuple[str, str], ...] = ()

    def url(self) -> str:
        """Return the address in PostgreSQL's notation."""
        query = urllib.parse.urlencode(
            [("host", self.host), *self.options], quote_via=urllib.parse.quote
        )
        who = (
            f"{urllib.parse.quote(self.user, safe='')}:{urllib.parse.quote(self.password, safe='')}"
        )
        port = f":{self.port}" if self.port else ""
        return f"postgresql://{who}@{port}/{urllib.parse.quote(self.name, safe='')}?{query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What was said about backups; files are None where none is named."""

    to: str
    keys_to: str
    s3_file: Path | None
    recipients: tuple[str, ...]
    identity: Path | None
    passphrase_file: Path | None
    keep_days: int
    keys_keep_days: int
    programs: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What this process was told; `owner` is None until the embedded database is made."""

    home: Path
    key_file: Path
    keys: str = field(repr=False)
    owner: Login | None
    application: Login | None
    embedded: bool
    role: str
    pool: int
    public_url: str
    graph_url: str
    imprint_url: str
    mail_url: str = field(repr=False)
    mail_bounces: str = field(repr=False)
    clamav: str
    house: str
    security_contact: str
    host: str
    port: int
    sandbox_port: int
    web_processes: int
    worker_concurrency: int
    log_level: str
    chain_copy: str
    journal: Path
    backup: Backup
    fsync: bool
    demo_talk: bool
    second_factor: str
    breached_passwords: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_secret_file: str

    @property
    def https(self) -> bool:
        """Return True when people reach us encrypted."""
        return self.public_url.startswith("https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    variables: Mapping[str, str]
    problems: list[str]

    def text(self, name: str, default: str) -> str:
        return self.variables.get(_PREFIX + name, "").strip() or default

    def number(self, name: str, default: int, allowed: range) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal() or int(value) not in allowed:
            self.wrong(
                name, f"is “{value}”", f"a number from {allowed.start} to {allowed.stop - 1}"
            )
            return default
        return int(value)

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, allowed[0]).lower()
        if value not in allowed:
            self.wrong(name, f"is “{value}”", "one of " + ", ".join(allowed))
            return allowed[0]
        return value

    def login(self, name: str) -> Login | None:
        value = self.text(name, "")
        if not value:
            return None
        try:
            return parse_login(value)
        except ValueError as error:
            self.wrong(name, str(error), "postgresql://user:password@host:5432/name")
            return None

    def url(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        parts = urllib.parse.urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
            self.wrong(name, f"is “{value}”", "an address such as https://werkbote.example.de")
            return default
        return value

    def contact(self, name: str) -> str:
        value = self.text(name, "")
        if value and not re.fullmatch(r"(?:mailto:[^\s@]+@[^\s@]+|https://\S+)", value):
            self.wrong(name, f"is “{value}”", "mailto:security@example.de or an https address")
            return ""
        return value

    def page(self, name: str) -> str:
        value = self.text(name, "")
        parts = urllib.parse.urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            self.wrong(name, f"is “{value}”", "a page such as https://autohaus.example/impressum")
        return value

    def line(self, name: str, schemes: tuple[str, ...], example: str) -> str:
        """Return an address that may hold a password, which no problem repeats."""
        value = self.text(name, "")
        try:
            parts = urllib.parse.urlsplit(value)
            known = parts.scheme in schemes and (parts.port is None or parts.port in _PORTS)
        except ValueError:
            known = False
        if value and not (known and (parts.hostname or parts.scheme == "maildir")):
            self.wrong(name, "is no address of that kind", f"an address such as {example}")
        return value

    def scanner(self, name: str) -> str:
        value = self.text(name, "")
        if value:
            try:
                scanner.parse(value)
            except ValueError as error:
                self.wrong(name, f"is {error}", "127.0.0.1:3310 or /run/clamav/clamd.ctl")
        return value

    def file(self, name: str) -> Path | None:
        value = self.text(name, "")
        return Path(value).expanduser().absolute() if value else None

    def wrong(self, name: str, what: str, remedy: str) -> None:
        self.problems.append(f"{_PREFIX}{name} {what}: set it to {remedy}, or leave it out.")


def parse_login(value: str) -> Login:
    """Return the login of a PostgreSQL address; raise ValueError, never repeating the password."""
    try:
        parts = urllib.parse.urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError("is not an address") from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("does not begin with postgresql://")
    options = dict(urllib.parse.parse_qsl(parts.query))
    host = options.pop("host", "") or urllib.parse.unquote(parts.hostname or "")
    name = urllib.parse.unquote(parts.path.lstrip("/"))
    if not parts.username or not host or not name:
        raise ValueError("names no user, no host or no database")
    return Login(
        user=urllib.parse.unquote(parts.username),
        password=urllib.parse.unquote(parts.password or ""),
        host=host,
        port=options.pop("port", "") or str(port or ""),
        name=name,
        options=tuple(sorted(options.items())),
    )


def read(variables: Mapping[str, str] | None = None) -> Environment:
    """Return the environment; raise UnableToReadEnvironment with every problem there is."""
    reader = _Reader(variables=os.environ if variables is None else variables, problems=[])
    reader.problems.extend(_unknown(reader.variables))
    home = Path(reader.text("HOME", str(_CHECKOUT / ".werkbote"))).expanduser().absolute()
    port = reader.number("PORT", 8000, _PORTS)
    owner = reader.login("DATABASE_URL")
    embedded = not reader.text("DATABASE_URL", "")
    try:
        known = cluster.record(home) if embedded else None
    except cluster.UnableToPlace as error:
        known = None
        reader.problems.append(str(error))
    if known is not None:
        owner = parse_login(cluster.owner_url(known))
    found = Environment(
        home=home,
        key_file=Path(reader.text("KEY_FILE", str(home / "keys.json"))).expanduser().absolute(),
        keys=reader.text("KEYS", ""),
        owner=owner,
        application=reader.login("DATABASE_APP_URL"),
        embedded=embedded,
        role=reader.choice("DATABASE_ROLE", ("application", "owner")),
        pool=reader.number("DATABASE_POOL", 8, range(1, 1001)),
        public_url=reader.url("PUBLIC_URL", f"http://127.0.0.1:{port}"),
        graph_url=reader.url("GRAPH_URL", "https://graph.facebook.com"),
        imprint_url=reader.page("IMPRINT_URL"),
        mail_url=reader.line(
            "MAIL_URL", ("smtps", "smtp"), "smtps://user:password@mail.example.de"
        ),
        mail_bounces=reader.line(
            "MAIL_BOUNCES", ("imaps", "imap", "maildir"), "imaps://user:password@mail.example.de"
        ),
        clamav=reader.scanner("CLAMAV"),
        house=reader.text("HOUSE", ""),
        security_contact=reader.contact("SECURITY_CONTACT"),
        host=reader.text("HOST", "127.0.0.1"),
        port=port,
        sandbox_port=reader.number("SANDBOX_PORT", 8090, _PORTS),
        web_processes=reader.number("WEB_PROCESSES", 1, range(1, 129)),
        worker_concurrency=reader.number("WORKER_CONCURRENCY", 4, range(1, 129)),
        log_level=reader.choice("LOG_LEVEL", ("info", "debug", "warning", "error")),
        chain_copy=reader.text("CHAIN_COPY", ""),
        journal=Path(reader.text("JOURNAL", str(home / "journal"))).expanduser().absolute(),
        backup=_backup(reader),
        fsync=reader.choice("FSYNC", ("on", "off")) == "on",
        demo_talk=reader.choice("DEMO_TALK", ("on", "off")) == "on",
        second_factor=reader.choice("SECOND_FACTOR", ("required", "optional")),
        breached_passwords=reader.text("BREACHED_PASSWORDS", ""),
        oidc_issuer=reader.page("OIDC_ISSUER").rstrip("/"),
        oidc_client_id=reader.text("OIDC_CLIENT_ID", "werkbote"),
        oidc_secret_file=reader.text("OIDC_SECRET_FILE", ""),
    )
    if found.second_factor == "optional" and not _is_local(found.public_url):
        reader.wrong(
            "SECOND_FACTOR", "is “optional” although others reach this address", "“required”"
        )
    if reader.problems:
        raise UnableToReadEnvironment(reader.problems)
    return found


def _is_local(url: str) -> bool:
    return urllib.parse.urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}


def _backup(reader: _Reader) -> Backup:
    to = reader.text("BACKUP_TO", "")
    return Backup(
        to=to,
        keys_to=reader.text("BACKUP_KEYS_TO", f"{to.rstrip('/')}/keys" if to else ""),
        s3_file=reader.file("BACKUP_S3_FILE"),
        recipients=tuple(reader.text("BACKUP_RECIPIENTS", "").replace(",", " ").split()),
        identity=reader.file("BACKUP_IDENTITY"),
        passphrase_file=reader.file("BACKUP_PASSPHRASE_FILE"),
        keep_days=reader.number("BACKUP_KEEP_DAYS", 30, range(1, 3651)),
        keys_keep_days=reader.number("BACKUP_KEYS_KEEP_DAYS", 7, range(1, 3651)),
        programs=reader.file("DATABASE_PROGRAMS"),
    )


def refreshed(environment: Environment) -> Environment:
    """Return the environment with the owner's login the embedded database has been given since."""
    known = cluster.record(environment.home) if environment.embedded else None
    if known is None:
        return environment
    return replace(environment, owner=parse_login(cluster.owner_url(known)))


def surroundings(**changes: str) -> dict[str, str]:
    """Return this process's environment with `changes`, for a child of ours."""
    return {**os.environ, **changes}


def _unknown(variables: Mapping[str, str]) -> list[str]:
    problems = []
    for name in sorted(variables):
        if name.startswith(_PREFIX) and name not in VARIABLES:
            known = [variable.removeprefix(_PREFIX) for variable in VARIABLES]
            near = difflib.get_close_matches(name.removeprefix(_PREFIX), known, n=1)
            hint = f"did you mean {_PREFIX}{near[0]}?" if near else "remove it."
            problems.append(f"{name} is no setting of Werkbote: {hint}")
    return problems
