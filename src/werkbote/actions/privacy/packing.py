"""The package of a person (Art. 15(3), 20): everything of the copy, third parties hidden with reason, sealed."""

import csv
import hashlib
import io
import mimetypes
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from werkbote.actions import audit, media
from werkbote.actions.privacy import lettering, requesting
from werkbote.domain import privacy, tables
from werkbote.store import exporting, ids, keyring, ledger, models, scope, vault

FORMAT = "werkbote person data 1"
_WANTED = frozenset({privacy.Kind.ACCESS, privacy.Kind.COPY})
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a package is made of: rows by table, files by name, and what was hidden."""

    tables: Mapping[str, list[exporting.Row]]
    files: Mapping[str, bytes]
    hidden: int


def begin_package(*, organisation: int, request: int, by: int, at: datetime) -> int:
    """Open a package for review and return its id; the same request again returns the same one.

    Raises requesting.UnableToHandle unless the request asks for a copy and it is clear who asks.
    """
    with scope.transaction(organisation=organisation):
        row = requesting.locked(request)
        if row.kind not in _WANTED or row.subject is None:
            raise requesting.UnableToHandle("This request asks for no copy, or nobody knows whose.")
        known = models.AccessPackage.objects.filter(request_ref=request).first()
        if known is not None:
            return known.id
        if row.state != privacy.RequestState.OPEN:
            raise requesting.UnableToHandle("First make sure who asks; then make the package.")
        made = models.AccessPackage(
            id=ids.new(),
            organisation_id=organisation,
            person_id=ledger.group(row.subject)[0],
            request_ref=request,
            created_at=at,
        )
        made.save(force_insert=True)
        audit.record(
            organisation=organisation,
            by=by,
            verb="privacy.begin_package",
            object=f"access_package:{made.id}",
            at=at,
        )
    return made.id


def redact(
    *, organisation: int, package: int, message: int, reason: str, by: int, at: datetime
) -> None:
    """Hide what is about somebody else (Art. 15(4)), with the reason; without one show it.

    `message` is the number of a message, or of any other row with words: numbers are given once.
    """
    with scope.transaction(organisation=organisation):
        row = _locked(package)
        if row.state != "review":
            raise requesting.UnableToHandle("This package is made already.")
        hidden = dict(row.redactions)
        hidden.pop(str(message), None)
        if words := reason.strip()[:_LONGEST_REASON]:
            hidden[str(message)] = exporting.hide(_keyed(row), row, words)
        row.redactions = hidden
        row.save(update_fields=["redactions"])
        audit.record(
            organisation=organisation,
            by=by,
            verb="privacy.redact",
            object=f"message:{message}",
            detail={"package": package, "hidden": bool(reason.strip())},
            at=at,
        )


def _locked(package: int) -> models.AccessPackage:
    row = models.AccessPackage.objects.select_for_update().filter(id=package).first()
    if row is None:
        raise requesting.UnableToHandle("There is no such package any more.")
    return row


def _keyed(row: models.AccessPackage) -> exporting.Person:
    keys = keyring.organisation(row.organisation_id)
    return exporting.open_person(keys, ledger.group(row.person_id))


def make_package(*, organisation: int, package: int, by: int, at: datetime) -> str:
    """Make the package and return the secret of its one-time link; it answers the request.

    The same package again gets a new link, as long as it was not downloaded.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _locked(package)
        if row.downloaded_at is not None:
            raise requesting.UnableToHandle(
                "This package has been fetched; a new request makes another."
            )
        if row.state == "review":
            _fill(keys, row, at=at)
        token = lettering.secret()
        days = lettering.download_days(at)
        row.token_digest = keys.digest("package", token.encode())
        row.code_digest, row.tries, row.expires_at = None, 0, at + days
        row.save()
        request = requesting.locked(row.request_ref)
        if request.state == privacy.RequestState.OPEN:
            requesting.answered(request, result={"package": row.id}, by=by, at=at)
        audit.record(
            organisation=organisation,
            by=by,
            verb="privacy.make_package",
            object=f"access_package:{row.id}",
            detail={"manifest": row.manifest_digest, "hidden": len(row.redactions)},
            at=at,
        )
    return token


def _fill(keys: vault.OrganisationKeys, row: models.AccessPackage, *, at: datetime) -> None:
    request = models.PersonRequest.objects.get(id=row.request_ref)
    person = _keyed(row)
    copy = _copy(person, exporting.hidden(person, row))
    content = packed(keys, request, copy, at=at)
    row.state, row.size = "ready", len(content[0])
    row.manifest_digest = content[1]
    models.PackageChunk.objects.bulk_create(
        models.PackageChunk(
            id=(number := ids.new()),
            organisation_id=row.organisation_id,
            package=row,
            position=position,
            sealed=person.own[row.person_id].seal(
                content[0][start : start + media.CHUNK],
                table="package_chunk",
                row=number,
                column="sealed",
            ),
        )
        for position, start in enumerate(range(0, len(content[0]), media.CHUNK))
    )


def _copy(person: exporting.Person, hidden: Mapping[str, str]) -> Copy:
    tables = exporting.records(person)
    _hide(tables, hidden)
    files = {}
    stored = models.Media.objects.filter(person__in=person.people, state="stored").order_by("id")
    for one in stored:
        if str(one.message_id) not in hidden:
            suffix = mimetypes.guess_extension(one.mime.partition(";")[0]) or ".bin"
            files[f"media/{one.id}{suffix}"] = exporting.file(person, one)
    return Copy(tables=tables, files=files, hidden=len(hidden))


def _hide(tables: Mapping[str, list[exporting.Row]], hidden: Mapping[str, str]) -> None:
    """Put the reason in the place of the words; an edit or a reaction goes with its message."""
    whole = {**hidden, **_changes(hidden)}
    for table in exporting.tables():
        words = exporting.worded(table)
        for row in tables[table.model]:
            reason = whole.get(str(row["id"]))
            if reason:
                row |= {name: {"redacted": reason} for name in words if row[name] is not None}


def _changes(hidden: Mapping[str, str]) -> Mapping[str, str]:
    rows = models.Message.objects.filter(id__in=[int(row) for row in hidden])
    named = dict(rows.exclude(provider_id=None).values_list("provider_id", "id"))
    found = models.MessageChange.objects.filter(target__in=list(named))
    return {
        str(row): hidden[str(named[target])] for row, target in found.values_list("id", "target")
    }


def packed(
    keys: vault.OrganisationKeys, request: models.PersonRequest, copy: Copy, *, at: datetime
) -> tuple[bytes, str]:
    """Return the ZIP and the SHA-256 of its manifest. Inside a scope."""
    said = messages(copy.tables["store.Message"])
    data = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "hidden": copy.hidden,
        "information": lettering.information(at),
        "tables": copy.tables,
    }
    files = {
        "auskunft.pdf": lettering.access(keys, request, copy.tables, said, at=at),
        "data.json": _json(data),
        "schema.json": _json(exporting.schema()),
        "messages.json": _json(said),
        "messages.csv": table(said),
        "vehicles.json": _json(copy.tables.get("store.Vehicle", [])),
        **copy.files,
    }
    manifest = _json(
        {
            "format": FORMAT,
            "made_at": at.isoformat(),
            "files": {
                name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
                for name, content in sorted(files.items())
            },
        }
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", manifest)
        for name, content in sorted(files.items()):
            archive.writestr(name, content)
    return made.getvalue(), hashlib.sha256(manifest).hexdigest()


def _json(content: Any) -> bytes:
    return orjson.dumps(content, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


_COLUMNS = ("at", "from", "kind", "text", "state", "delivered_at", "read_at")


def messages(rows: Sequence[exporting.Row]) -> list[dict[str, str]]:
    """Return messages as people read them: when, from whom, what, and how far it came."""
    found = []
    for row in sorted(rows, key=lambda one: (one["at"], one["id"])):
        body = row["body"] if isinstance(row["body"], dict) else {}
        text = f"[{body['redacted']}]" if "redacted" in body else str(body.get("text", ""))
        found.append(
            {
                "at": str(row["at"]),
                "from": "dealer" if row["outgoing"] else "person",
                "kind": str(row["kind"]),
                "text": text,
                "state": str(row["state"]),
                "delivered_at": str(row["delivered_at"] or ""),
                "read_at": str(row["read_at"] or ""),
            }
        )
    return found


def table(said: Sequence[Mapping[str, str]]) -> bytes:
    """Return messages as CSV (UTF-8 with a mark, so that a spreadsheet shows umlauts).

    A cell that a spreadsheet would calculate is disarmed by an apostrophe.
    """
    made = io.StringIO()
    writer = csv.DictWriter(made, fieldnames=_COLUMNS, delimiter=";")
    writer.writeheader()
    for row in said:
        writer.writerow({name: tables.harmless(value) for name, value in row.items()})
    return b"\xef\xbb\xbf" + made.getvalue().encode()
