"""Every precondition of an installation, looked at one by one, each with its remedy.

Nothing is changed by looking. A check that cannot be made says so and fails.
"""

import http.client
import json
import shutil
import socket
import ssl
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import psycopg

from werkbote.channels import scanner
from werkbote.config import cluster, env, gaps, login, safety, schema, transport
from werkbote.store import vault

_SECONDS = 8
_SKEW_SECONDS = 2.0
_DAYS_LEFT = 14
_FREE_WARN, _FREE_FAIL = 2 * 1024**3, 256 * 1024**2
_HOOKS = "/hooks/meta/"
_MOST_GREETING = 8192
_LAG_WARN, _LAG_FAIL = 60.0, 600.0


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found, and what to do about it; `remedy` is empty where all is well."""

    check: str
    state: State
    text: str
    remedy: str = ""


def _ok(check: str, text: str) -> Finding:
    return Finding(check=check, state=State.OK, text=text)


def _fail(check: str, text: str, remedy: str) -> Finding:
    return Finding(check=check, state=State.FAIL, text=text, remedy=remedy)


def _refusal(check: str, error: Exception) -> Finding:
    """Return one of our own errors, a sentence with its remedy behind the colon, as a finding."""
    text, _, remedy = str(error).partition(": ")
    return _fail(check, f"{text}.", remedy[:1].upper() + remedy[1:])


def _warn(check: str, text: str, remedy: str) -> Finding:
    return Finding(check=check, state=State.WARN, text=text, remedy=remedy)


def examine(environment: env.Environment) -> Iterator[Finding]:
    """Yield the findings; database checks end at the first that makes the rest impossible."""
    yield from _keys(environment)
    yield from _disk(environment)
    yield from _database(environment)
    yield from map(_as_finding, transport.look(environment))
    yield from _web(environment)
    yield from _mail(environment)
    yield from _scanner(environment)


def _keys(environment: env.Environment) -> Iterator[Finding]:
    try:
        login.installation(environment)
    except vault.UnableToLoadKeys as error:
        yield _refusal("keys", error)
        return
    yield _ok("keys", f"The keys in {environment.key_file} are readable, and for us alone.")


def _disk(environment: env.Environment) -> Iterator[Finding]:
    record = cluster.record(environment.home)
    places = {environment.home, Path(record.place) if record else environment.home}
    for place in sorted(places):
        if not place.exists():
            continue
        free = shutil.disk_usage(place).free
        text = f"{free / 1024**3:.1f} GiB are free at {place}."
        remedy = "Make room: the database stops accepting messages on a full disk."
        if free < _FREE_FAIL:
            yield _fail("disk", text, remedy)
        elif free < _FREE_WARN:
            yield _warn("disk", text, remedy)
        else:
            yield _ok("disk", text)


def _database(environment: env.Environment) -> Iterator[Finding]:
    try:
        owner = login.as_owner(environment)
        with schema.connect(owner) as connection:
            schema.check_version(connection)
            yield _ok("database", f"PostgreSQL {connection.info.server_version // 10000} answers.")
            yield from _clock(connection)
            schema.check_keys(connection, environment)
            yield _ok("key match", "The data opens with these keys.")
            schema.check_current(environment)
            yield _ok("schema", "The tables are those of this release.")
            yield from _safety(connection, environment)
        schema.check_role(login.application(environment))
        yield _ok("walls", "The application's role cannot see past the walls.")
        with schema.connect(login.application(environment)) as connection:
            yield from _queues(connection)
            yield from _numbers(connection, environment)
    except (schema.UnableToPrepare, login.UnableToLogIn, vault.UnableToLoadKeys) as error:
        yield _refusal("database", error)


def _clock(connection: "psycopg.Connection") -> Iterator[Finding]:
    before = time.time()
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    after = time.time()
    skew = abs((row[0] if row else 0.0) - (before + after) / 2) - (after - before) / 2
    if skew > _SKEW_SECONDS:
        yield _fail(
            "clock",
            f"The clocks of this host and of the database differ by {skew:.0f} seconds.",
            "Let both hosts follow a time server (timedatectl set-ntp true).",
        )
    else:
        yield _ok("clock", "This host and the database agree on the time.")


_QUEUES = {
    "intake": (
        "SELECT extract(epoch FROM now() - min(oldest))::float8 FROM werkbote_waiting_intake()"
    ),
    "outbox": (
        "SELECT extract(epoch FROM now() - min(oldest))::float8 FROM werkbote_waiting_numbers(now())"
    ),
    "jobs": (
        "SELECT extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at)))::float8"
        " FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id"
        " WHERE j.status = 'todo' AND coalesce(j.scheduled_at, e.at) <= now()"
    ),
}


def _safety(connection: "psycopg.Connection", environment: env.Environment) -> Iterator[Finding]:
    yield from map(_as_finding, safety.look(connection, environment))


def _as_finding(found: safety.Look) -> Finding:
    return Finding(
        check=found.check, state=State(found.state), text=found.text, remedy=found.remedy
    )


def _queues(connection: "psycopg.Connection") -> Iterator[Finding]:
    for name, query in _QUEUES.items():
        row = connection.execute(query).fetchone()
        lag = (row[0] if row else None) or 0.0
        text = f"The oldest that waits in {name} waits for {lag:.0f} seconds."
        remedy = "Look whether the worker runs (werkbote worker) and what it logs."
        if lag > _LAG_FAIL:
            yield _fail(name, text, remedy)
        elif lag > _LAG_WARN:
            yield _warn(name, text, remedy)
        else:
            yield _ok(name, f"Nothing has waited long in {name}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    id: int
    slug: str
    graph_url: str
    verify_token: str


def _known_numbers(connection: "psycopg.Connection", keys: vault.Installation) -> Iterator[_Number]:
    """Yield every number with its verify token opened, where the keys of its organisation open."""
    organisations = connection.execute("SELECT * FROM werkbote_organisations()").fetchall()
    for (organisation,) in organisations:
        with connection.transaction():
            setting = "SELECT set_config('werkbote.organisation', %s, true)"
            connection.execute(setting, [str(organisation)])
            row = connection.execute("SELECT key_name, key_wrapped FROM organisation").fetchone()
            numbers = connection.execute(
                "SELECT id, hook_slug, graph_url, verify_token_sealed FROM number"
                " WHERE channel = 'whatsapp' ORDER BY id"
            ).fetchall()
        if row is None:
            continue
        try:
            main = vault.Key(
                keys.unwrap(
                    bytes(row[1]), organisation=organisation, column="key_wrapped", name=row[0]
                )
            )
        except vault.UnableToOpen:
            continue
        for number, slug, graph_url, sealed in numbers:
            token = main.open_text(sealed, table="number", row=number, column="verify_token_sealed")
            yield _Number(id=number, slug=slug, graph_url=graph_url, verify_token=token)


def _numbers(connection: "psycopg.Connection", environment: env.Environment) -> Iterator[Finding]:
    keys = login.installation(environment)
    known = list(_known_numbers(connection, keys))
    for number in known:
        yield _graph(number)
        yield _hook(number, environment)
    yield from map(_as_finding, gaps.look(connection, {number.graph_url for number in known}))


def _get(url: str, path: str) -> tuple[int, bytes]:
    """Return status and the first kilobyte of a GET; raise OSError or HTTPException."""
    parts = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read(1024)
    finally:
        line.close()


def _graph(number: _Number) -> Finding:
    name = f"graph of number {number.id}"
    try:
        _get(number.graph_url, "/")
    except (OSError, http.client.HTTPException) as error:
        return _fail(
            name,
            f"{number.graph_url} does not answer ({error}).",
            "Let this host reach it: check proxy, firewall and name resolution.",
        )
    return _ok(name, f"{number.graph_url} answers.")


def _hook(number: _Number, environment: env.Environment) -> Finding:
    name = f"webhook of number {number.id}"
    challenge = "918273645"
    query = urllib.parse.urlencode(
        {
            "hub.mode": "subscribe",
            "hub.verify_token": number.verify_token,
            "hub.challenge": challenge,
        }
    )
    try:
        status, body = _get(environment.public_url, f"{_HOOKS}{number.slug}?{query}")
    except (OSError, http.client.HTTPException) as error:
        return _fail(
            name,
            f"{environment.public_url} does not answer ({error}).",
            "Start Werkbote, and let the reverse proxy pass /hooks/ to it.",
        )
    if status != http.client.OK or body != challenge.encode():
        return _fail(
            name,
            f"{environment.public_url} answers the subscription check with {status}.",
            "Set WERKBOTE_PUBLIC_URL to the address that reaches this installation.",
        )
    return _ok(name, "Its callback address answers the subscription check.")


def _web(environment: env.Environment) -> Iterator[Finding]:
    if not environment.https:
        return
    parts = urllib.parse.urlsplit(environment.public_url)
    host, port = parts.hostname or "", parts.port or 443
    try:
        with (
            socket.create_connection((host, port), timeout=_SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as line,
        ):
            certificate: Mapping[str, object] = line.getpeercert() or {}
    except OSError as error:
        yield _fail(
            "certificate",
            f"{host} shows no certificate that can be trusted ({error}).",
            "Renew it (certbot renew) and reload the reverse proxy.",
        )
        return
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    days = (ends - datetime.now(UTC)).days
    text = f"The certificate of {host} is valid for another {days} days."
    if days < _DAYS_LEFT:
        yield _warn("certificate", text, "Renew it (certbot renew) and reload the reverse proxy.")
    else:
        yield _ok("certificate", text)


def _mail(environment: env.Environment) -> Iterator[Finding]:
    """Ask the mail server for its greeting and whether it speaks encrypted; log nobody in."""
    parts = urllib.parse.urlsplit(environment.mail_url)
    host = parts.hostname
    if not host:
        return
    remedy = "Check host and port in WERKBOTE_MAIL_URL, and whether the firewall lets them through."
    port = parts.port or (465 if parts.scheme == "smtps" else 587)
    try:
        said = _greeted(host, port, encrypted=parts.scheme == "smtps")
    except OSError as error:
        yield _fail("mail server", f"{host} does not answer ({error}).", remedy)
        return
    if not said.startswith("220"):
        yield _fail("mail server", f"{host} answers, but not as a mail server.", remedy)
    elif parts.scheme == "smtp" and "STARTTLS" not in said and host not in transport.HERE:
        text = f"{host} offers no encryption on port {port}."
        yield _fail("mail server", text, "Use smtps://, or a server that offers STARTTLS.")
    else:
        yield _ok("mail server", f"{host} answers, and what goes there is encrypted or stays here.")


def _scanner(environment: env.Environment) -> Iterator[Finding]:
    if not environment.clamav:
        return
    try:
        scanner.check(address=environment.clamav)
    except scanner.UnableToScan as error:
        yield _fail(
            "malware scanner",
            f"{str(error).partition(': ')[0].rstrip('.')}: files are neither sent nor shown.",
            "Start clamd (systemctl start clamav-daemon), and check WERKBOTE_CLAMAV.",
        )
    else:
        yield _ok("malware scanner", "clamd answers; every file is scanned before it is kept.")


def _greeted(host: str, port: int, *, encrypted: bool) -> str:
    """Return a mail server's greeting and what it offers; raise OSError where there is none."""
    with socket.create_connection((host, port), timeout=_SECONDS) as plain:
        line: socket.socket = plain
        if encrypted:
            line = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        said = line.recv(1024)
        line.sendall(b"EHLO werkbote.invalid\r\n")
        while b"\n250 " not in said and len(said) < _MOST_GREETING:
            more = line.recv(1024)
            if not more:
                break
            said += more
        line.sendall(b"QUIT\r\n")
    return said.decode(errors="replace")


_SIGNS: Mapping[State, str] = {State.OK: "ok  ", State.WARN: "warn", State.FAIL: "FAIL"}


def report(environment: env.Environment, *, as_json: bool, write: Callable[[str], object]) -> int:
    """Write the findings and return the exit code: 1 when one failed."""
    findings = []
    for finding in examine(environment):
        findings.append(finding)
        if not as_json:
            write(
                f"{_SIGNS[finding.state]}  {finding.check}: {finding.text} {finding.remedy}".rstrip()
            )
    if as_json:
        write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    return int(any(finding.state is State.FAIL for finding in findings))


def main() -> int:
    """Examine this environment; `--json` for machines."""
    return report(
        env.read(),
        as_json="--json" in sys.argv[1:],
        write=lambda text: sys.stdout.write(f"{text}\n"),
    )


if __name__ == "__main__":
    sys.exit(main())
