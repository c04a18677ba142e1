"""The package of a person (Art. 15(3), 20): everything of the copy, third parties hidden with reason, sealed."""

import csv
import hashlib
import io
import mimetypes
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db.models import QuerySet

from werkbote.actions import audit, media
from werkbote.actions.privacy import disclosing, lettering, limiting, requesting
from werkbote.domain import privacy, tables
from werkbote.store import exporting, ids, keyring, ledger, models, scope, vault

FORMAT = "werkbote person data 1"
_WANTED = frozenset({privacy.Kind.ACCESS, privacy.Kind.COPY})
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a package is made of: rows by table, files by name, what was hidden, and to whom data went.

    `left_out` is how many messages are not in it, and why, where they are kept by law alone.
    """

    tables: Mapping[str, list[exporting.Row]]
    files: Mapping[str, bytes]
    hidden: int
    disclosed: Mapping[str, Any]
    left_out: Mapping[str, str | int]


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
            detail={
                "manifest": row.manifest_digest,
                "hidden": len(row.redactions),
                "left_out": row.left_out_sealed is not None,
            },
            at=at,
        )
    return token


def _fill(keys: vault.OrganisationKeys, row: models.AccessPackage, *, at: datetime) -> None:
    request = models.PersonRequest.objects.get(id=row.request_ref)
    person = _keyed(row)
    if request.kind == privacy.Kind.COPY:
        content = _taken_along(keys, request, person, exporting.hidden(person, row), at=at)
    else:
        content = packed(keys, request, _copy(person, row, at=at), at=at)
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


def _copy(person: exporting.Person, row: models.AccessPackage, *, at: datetime) -> Copy:
    hidden = exporting.hidden(person, row)
    tables = exporting.records(person)
    _hide(tables, hidden)
    reason = limiting.reason_of(row)
    without = limiting.kept_by_law_alone(person.people, at=at) if reason else frozenset()
    _leave_out(tables, without)
    stored = models.Media.objects.filter(person__in=person.people, state="stored")
    return Copy(
        tables=tables,
        files=_files(person, stored.exclude(message__in=without), hidden),
        hidden=len(hidden),
        disclosed=disclosing.disclosed(person, at=at),
        left_out={"messages": len(without), "reason": reason} if reason else {},
    )


def _files(
    person: exporting.Person, stored: QuerySet[models.Media], hidden: Mapping[str, str]
) -> Mapping[str, bytes]:
    files = {}
    for one in stored.order_by("id"):
        if str(one.message_id) not in hidden:
            suffix = mimetypes.guess_extension(one.mime.partition(";")[0]) or ".bin"
            files[f"media/{one.id}{suffix}"] = exporting.file(person, one)
    return files


def _leave_out(tables: Mapping[str, list[exporting.Row]], without: Collection[int]) -> None:
    """Take messages out of the rows, with their edits and the descriptions of their files."""
    named = models.Message.objects.filter(id__in=list(without)).exclude(provider_id=None)
    later = models.MessageChange.objects.filter(target__in=named.values("provider_id"))
    gone = {
        "store.Message": ("id", set(without)),
        "store.Media": ("message", set(without)),
        "store.MessageChange": ("id", set(later.values_list("id", flat=True))),
    }
    for table, (field, ids_) in gone.items():
        tables[table][:] = [one for one in tables[table] if one[field] not in ids_]


def _hide(tables: Mapping[str, list[exporting.Row]], hidden: Mapping[str, str]) -> None:
    """Put the reason in the place of the words; an edit or a reaction goes with its message."""
    whole = {**hidden, **_changes(hidden)}
    for table in exporting.tables():
        words = exporting.worded(table)
        for row in tables.get(table.model, ()):
            reason = whole.get(str(row.get("id")))
            if reason:
                row |= {name: {"redacted": reason} for name in words if row.get(name) is not None}


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
        "left_out": copy.left_out,
        "information": lettering.information(at),
        "disclosed": copy.disclosed,
        "tables": copy.tables,
    }
    content = lettering.Access(
        tables=copy.tables, said=said, disclosed=copy.disclosed, left_out=copy.left_out
    )
    files = {
        "auskunft.pdf": lettering.access(keys, request, content, at=at),
        "data.json": _json(data),
        "schema.json": _json(exporting.schema()),
        "messages.json": _json(said),
        "messages.csv": table(said),
        "vehicles.json": _json(copy.tables.get("store.Vehicle", [])),
        **copy.files,
    }
    return _zipped(files, form=FORMAT, at=at)


def _taken_along(
    keys: vault.OrganisationKeys,
    request: models.PersonRequest,
    person: exporting.Person,
    hidden: Mapping[str, str],
    *,
    at: datetime,
) -> tuple[bytes, str]:
    """Return the ZIP of what a person gave by themselves (Art. 20), and the SHA-256 of its manifest."""
    tables = exporting.portable(person)
    _hide(tables, hidden)
    for row in tables["store.Message"]:
        row["body"].get("content", {}).pop("transcript", None)
    said = [{name: one[name] for name in _GIVEN} for one in messages(tables["store.Message"])]
    files = _files(
        person,
        models.Media.objects.filter(id__in=[one["id"] for one in tables["store.Media"]]),
        hidden,
    )
    data = {
        "format": exporting.PORTABLE,
        "made_at": at.isoformat(),
        "hidden": len(hidden),
        "tables": tables,
    }
    return _zipped(
        {
            "begleitbrief.pdf": lettering.taken_along(keys, request, at=at),
            "data.json": _json(data),
            "schema.json": _json(exporting.portable_schema()),
            "messages.json": _json(said),
            "messages.csv": table(said),
            "vehicles.json": _json(tables["store.Vehicle"]),
            **files,
        },
        form=exporting.PORTABLE,
        at=at,
    )


def _zipped(files: Mapping[str, bytes], *, form: str, at: datetime) -> tuple[bytes, str]:
    """Return files with their manifest as one ZIP, and the SHA-256 of the manifest."""
    manifest = _json(
        {
            "format": form,
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
_GIVEN = ("at", "kind", "text")


def messages(rows: Sequence[exporting.Row]) -> list[dict[str, str]]:
    """Return messages as people read them: when, from whom, what, and how far it came."""
    found = []
    for row in sorted(rows, key=lambda one: (one["at"], one["id"])):
        body = row["body"] if isinstance(row["body"], dict) else {}
        text = f"[{body['redacted']}]" if "redacted" in body else str(body.get("text", ""))
        found.append(
            {
                "at": str(row["at"]),
                "from": "dealer" if row.get("outgoing") else "person",
                "kind": str(row["kind"]),
                "text": text,
                "state": str(row.get("state") or ""),
                "delivered_at": str(row.get("delivered_at") or ""),
                "read_at": str(row.get("read_at") or ""),
            }
        )
    return found


def table(said: Sequence[Mapping[str, str]]) -> bytes:
    """Return messages as CSV (UTF-8 with a mark, so that a spreadsheet shows umlauts).

    A cell that a spreadsheet would calculate is disarmed by an apostrophe.
    """
    made = io.StringIO()
    columns = list(said[0]) if said else _COLUMNS
    writer = csv.DictWriter(made, fieldnames=columns, delimiter=";")
    writer.writeheader()
    for row in said:
        writer.writerow({name: tables.harmless(value) for name, value in row.items()})
    return b"\xef\xbb\xbf" + made.getvalue().encode()
