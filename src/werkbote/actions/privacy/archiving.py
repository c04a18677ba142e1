"""The archive of commercial letters handed to an auditor: one fiscal year as CSV with its description (Z3)."""

import contextlib
import csv
import hashlib
import io
import mimetypes
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO

from django.db.models import Q, QuerySet

from werkbote.actions import audit, media
from werkbote.actions.privacy import classing, keeping, requesting
from werkbote.domain import privacy, tables
from werkbote.store import exporting, keyring, models, rechtsstand, scope, vault

_COLUMNS = (
    ("Nummer", "Nummer der Nachricht"),
    ("Vorgang", "Nummer des Vorgangs"),
    ("Art", "Art des Vorgangs"),
    ("Zeit", "Zeitpunkt (UTC, ISO 8601)"),
    ("Richtung", "eingehend oder ausgehend"),
    ("Partner", "Rufnummer des Geschäftspartners"),
    ("Text", "Wortlaut"),
    ("Klasse", "Löschklasse"),
    ("Anlage", "Datei im Ordner anlagen, leer ohne Anlage"),
)
_INDEX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">
<DataSet>
  <Version>1.0</Version>
  <DataSupplier><Name>{name}</Name><Location>{name}</Location><Comment>Handelsbriefe {year}</Comment></DataSupplier>
  <Media><Name>Handelsbriefe {year}</Name>
    <Table><URL>briefe.csv</URL><Name>Handelsbriefe</Name><UTF8/>
      <DecimalSymbol>,</DecimalSymbol><DigitGroupingSymbol>.</DigitGroupingSymbol>
      <Range><From>2</From></Range>
      <VariableLength><ColumnDelimiter>;</ColumnDelimiter><TextEncapsulator>"</TextEncapsulator>
{columns}
      </VariableLength>
    </Table>
  </Media>
</DataSet>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Whose letters of which fiscal year are handed out, and why (one of privacy.LETTER_REASONS)."""

    year: int
    branches: Collection[int]
    reason: str


def open_letters(*, organisation: int, case: int, reason: str, by: int, at: datetime) -> None:
    """Write down that somebody opens the archived letters of a case (0: of none), and why.

    Raises UnableToHandle for a reason the archive is not kept for.
    """
    _check(reason)
    with scope.transaction(organisation=organisation):
        audit.record(
            organisation=organisation,
            by=by,
            verb="privacy.open_letters",
            object=f"case:{case}",
            detail={"reason": reason},
            at=at,
        )


def _check(reason: str) -> None:
    if reason not in privacy.LETTER_REASONS:
        raise requesting.UnableToHandle("Say why you need the letters: it is written down.")


def export_letters(*, organisation: int, export: Export, by: int, at: datetime) -> IO[bytes]:
    """Return the letters of a fiscal year as a ZIP with files, description and hashes; it is written down.

    Letters are the messages whose class is archived (§ 147(6) AO, GoBD), whether they have left the
    inbox yet or not. Nothing changes by it. Raises UnableToHandle for a reason that is none.
    """
    _check(export.reason)
    keys = keyring.organisation(organisation)
    with contextlib.ExitStack() as failed:
        made = failed.enter_context(tempfile.TemporaryFile())
        with scope.transaction(organisation=organisation):
            count = _write(made, keys, export, day=keeping.today(at))
            audit.record(
                organisation=organisation,
                by=by,
                verb="privacy.export_letters",
                object=f"year:{export.year}",
                detail={"letters": count, "reason": export.reason},
                at=at,
            )
        made.seek(0)
        failed.pop_all()
    return made


def concerned_by_letters(*, organisation: int, export: Export, at: datetime) -> int:
    """Return how many persons the letters of a fiscal year are about."""
    with scope.looking(organisation=organisation):
        found = _found(export, day=keeping.today(at))
        return found.order_by().values("person").distinct().count()


def _write(made: IO[bytes], keys: vault.OrganisationKeys, export: Export, *, day: date) -> int:
    """Write the ZIP and return how many letters are in it."""
    rows = _rows(keys, export, day=day)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        sums = [_put(archive, name, content) for name, content in _attached(keys, rows)]
        for name, text in (
            ("briefe.csv", _table([row.cells for row in rows])),
            ("index.xml", _index(_name(keys), export.year).encode()),
        ):
            sums.append(_put(archive, name, [text]))
        archive.writestr("SHA256SUMS", "".join(sums))
    return len(rows)


def _put(archive: zipfile.ZipFile, name: str, content: Iterable[bytes]) -> str:
    """Write one file of the archive piece by piece, and return its line of hashes."""
    digest = hashlib.sha256()
    with archive.open(name, "w") as file:
        for piece in content:
            digest.update(piece)
            file.write(piece)
    return f"{digest.hexdigest()}  {name}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """One letter as the table shows it, and the file that belongs to it."""

    cells: list[str]
    file: models.Media | None


def _attached(
    keys: vault.OrganisationKeys, rows: Iterable[_Letter]
) -> Iterator[tuple[str, Iterator[bytes]]]:
    for row in rows:
        if row.file is not None:
            key = keys.unwrap(row.file.person.key_wrapped, person=row.file.person_id)
            yield row.cells[-1], media.content(key, media=row.file.id)


def _name(keys: vault.OrganisationKeys) -> str:
    row = models.Organisation.objects.get(id=keys.organisation)
    name = keys.main.open_text(
        row.name_sealed, table="organisation", row=row.id, column="name_sealed"
    )
    return name.replace("&", "&amp;").replace("<", "&lt;")


def _index(name: str, year: int) -> str:
    columns = "\n".join(
        f"        <VariableColumn><Name>{column}</Name><Description>{what}</Description>"
        "<AlphaNumeric/></VariableColumn>"
        for column, what in _COLUMNS
    )
    return _INDEX.format(name=name, year=year, columns=columns)


def _letters(*, day: date) -> Q:
    """Return the condition on messages whose class is archived, and on what is in there already."""
    rules, found = rechtsstand.retention(day), Q(archived_at__isnull=False)
    for code, where in classing.classes(rules, day=day).items():
        if rules.rules[code].action is privacy.Action.ARCHIVE:
            found |= where
    return found


def _found(export: Export, *, day: date) -> QuerySet[models.Message]:
    """Return the letters of a fiscal year, the oldest first."""
    begin, end = (
        datetime.combine(date(one, 1, 1), time(), tzinfo=keeping.ZONE)
        for one in (export.year, export.year + 1)
    )
    return models.Message.objects.filter(
        _letters(day=day),
        at__gte=begin,
        at__lt=end,
        number__branch__in=list(export.branches),
    ).order_by("at", "id")


def _rows(keys: vault.OrganisationKeys, export: Export, *, day: date) -> list[_Letter]:
    rules = rechtsstand.retention(day)
    found = _found(export, day=day)
    people: dict[int, tuple[exporting.Person, str]] = {}
    files = _files(found.values_list("id", flat=True))
    rows = []
    for row in found.select_related("case"):
        if row.person_id not in people:
            person = exporting.open_person(keys, [row.person_id])
            people[row.person_id] = person, exporting.phone(person)
        person, phone = people[row.person_id]
        file = files.get(row.id)
        cells = [
            str(row.id),
            str(row.case_id or ""),
            row.case.kind if row.case else "",
            row.at.isoformat(),
            "ausgehend" if row.outgoing else "eingehend",
            phone,
            exporting.text(person, row),
            classing.code_of(row, rules, day=day),
            _path(file) if file else "",
        ]
        rows.append(_Letter(cells=cells, file=file))
    return rows


def _files(messages: Iterable[int]) -> Mapping[int, models.Media]:
    """Return the stored files of messages, by message."""
    rows = models.Media.objects.filter(message__in=messages, state="stored")
    return {row.message_id: row for row in rows.select_related("person")}


def _path(file: models.Media) -> str:
    suffix = mimetypes.guess_extension(file.mime.partition(";")[0]) or ".bin"
    return f"anlagen/{file.message_id}{suffix}"


def _table(rows: Iterable[list[str]]) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(column for column, _ in _COLUMNS)
    writer.writerows([tables.harmless(cell) for cell in row] for row in rows)
    return made.getvalue().encode()
