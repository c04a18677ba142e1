"""The sweep: two clocks, end-of-year periods, holds, brake, dry run; run twice it changes nothing more."""

import csv
import hashlib
import io
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection

from tests import dealers, erasures, letters, phones, staff
from werkbote.actions import privacy
from werkbote.actions.privacy import sweeping
from werkbote.domain import cases as matter
from werkbote.store import models, scope

pytestmark = pytest.mark.usefixtures("journal_folder")

AT = dealers.NOW
DAY = timedelta(days=1)


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


def closed(dealer: dealers.Dealer, words: str, contract: matter.Contract, **more: Any) -> int:
    """A message in a case that is closed with an answer; returns the message."""
    return letters.closed(dealer, words, contract, AT, **more)


def sweep(dealer: dealers.Dealer, at: datetime) -> int:
    return privacy.sweep(organisation=dealer.organisation, at=at)


def left(dealer: dealers.Dealer) -> set[int]:
    with scope.looking(organisation=dealer.organisation):
        return set(models.Message.objects.values_list("id", flat=True))


def archived(dealer: dealers.Dealer) -> set[int]:
    with scope.looking(organisation=dealer.organisation):
        rows = models.Message.objects.filter(archived_at__isnull=False)
        return set(rows.values_list("id", flat=True))


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.mark.shows("R-06", "S-11")
def test_two_clocks_of_a_letter_and_the_one_of_an_inquiry(dealer):
    letter = closed(dealer, "Bitte Bremsen machen", matter.Contract.YES)
    inquiry = closed(dealer, "Was kostet das?", matter.Contract.NO, wa_id=dealers.BOB)
    sweep(dealer, noon(2027, 2, 23))
    assert (left(dealer), archived(dealer)) == ({letter, inquiry}, set())
    sweep(dealer, noon(2027, 2, 24))
    assert (left(dealer), archived(dealer)) == ({letter, inquiry}, {letter})
    sweep(dealer, noon(2027, 5, 23))
    assert left(dealer) == {letter, inquiry}
    assert sweep(dealer, noon(2027, 5, 24)) == 2
    assert left(dealer) == {letter}
    assert sweep(dealer, noon(2027, 5, 24)) == 0
    sweep(dealer, noon(2032, 12, 31))
    assert left(dealer) == {letter}
    sweep(dealer, noon(2033, 1, 1))
    assert left(dealer) == set()
    with scope.looking(organisation=dealer.organisation):
        assert models.Case.objects.count() == 0
        assert models.SearchToken.objects.count() == 0


def _tampered(dealer: dealers.Dealer, letter: int, change: Callable[[Any], object]) -> None:
    with scope.transaction(organisation=dealer.organisation):
        models.SearchToken.objects.filter(message=letter).delete()
        change(models.Message.objects.filter(id=letter))


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(body=b"other words"),
        lambda rows: rows.update(archived_at=None),
        lambda rows: rows.delete(),
    ],
    ids=["words", "leaving", "deleting"],
)
def test_the_database_refuses_to_change_a_letter_in_the_archive(dealer, change):
    letter = closed(dealer, "Bitte Bremsen machen", matter.Contract.YES)
    sweep(dealer, noon(2027, 2, 24))
    with pytest.raises(ProgrammingError, match="is in the archive"):
        _tampered(dealer, letter, change)
    assert (left(dealer), archived(dealer)) == ({letter}, {letter})


def exported(dealer: dealers.Dealer, **more: Any) -> zipfile.ZipFile:
    wanted = {"year": 2026, "branches": {dealer.branch}, "reason": "tax_audit", **more}
    with privacy.export_letters(
        organisation=dealer.organisation,
        export=privacy.Export(**wanted),
        by=1,
        at=noon(2027, 3, 1),
    ) as made:
        return zipfile.ZipFile(io.BytesIO(made.read()))


def table(archive: zipfile.ZipFile) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read("briefe.csv").decode()), delimiter=";"))


def test_letters_of_a_year_are_exported_with_their_description_unchanged_by_the_archive(dealer):
    letter = closed(dealer, "=Bitte Bremsen machen", matter.Contract.YES)
    closed(dealer, "Was kostet das?", matter.Contract.NO, wa_id=dealers.BOB)
    with scope.looking(organisation=dealer.organisation):
        person = models.Message.objects.get(id=letter).person_id
    erasures.attach(dealer, person, b"%PDF-Angebot", message=letter)
    for day in (noon(2027, 2, 23), noon(2027, 2, 24)):
        sweep(dealer, day)
        archive = exported(dealer)
        rows = table(archive)
        assert [row[4:8] for row in rows[1:]] == [
            ["eingehend", "'+491713920001", "'=Bitte Bremsen machen", "L-05"]
        ]
        assert archive.read(rows[1][8]) == b"%PDF-Angebot"
    described = archive.read("index.xml").decode()
    assert [described.count(f"<Name>{column}</Name>") for column in rows[0]] == [1] * 9
    sums = dict(
        reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines()
    )
    assert sums == {
        name: hashlib.sha256(archive.read(name)).hexdigest()
        for name in archive.namelist()
        if name != "SHA256SUMS"
    }


def test_export_of_letters_is_written_down_with_its_reason_and_refused_without(dealer):
    closed(dealer, "Bitte Bremsen machen", matter.Contract.YES)
    for reason in ("", "curiosity", "x" * 5000):
        with pytest.raises(privacy.UnableToHandle):
            exported(dealer, reason=reason)
    exported(dealer)
    with scope.looking(organisation=dealer.organisation):
        details = list(
            models.AuditEntry.objects.filter(verb="privacy.export_letters").values_list(
                "object", "detail"
            )
        )
    assert details == [("year:2026", {"letters": 1, "reason": "tax_audit"})]


def test_export_holds_no_letters_of_other_branches_or_years(dealer):
    closed(dealer, "Bitte Bremsen machen", matter.Contract.YES)
    assert len(table(exported(dealer))) == 2
    assert len(table(exported(dealer, branches=set()))) == 1
    assert len(table(exported(dealer, year=2025))) == 1


def test_overdue_reads_nothing_after_the_sweep_and_the_dry_run_changes_nothing(dealer):
    inquiry = closed(dealer, "Was kostet das?", matter.Contract.NO)
    late = noon(2027, 6, 1)

    def overdue() -> dict[str, int]:
        found = privacy.survey(organisation=dealer.organisation, at=late)
        return {
            f"{one.rule}/{one.name}": one.due for one in found if one.due and one.name != "session"
        }

    before = overdue()
    assert before == {"L-01/webhook_event": 1, "L-02/message": 1}
    assert left(dealer) == {inquiry}
    sweep(dealer, late)
    assert overdue() == {}


def test_hold_set_between_two_sweeps_keeps_what_it_covers(dealer):
    inquiry = closed(dealer, "Was kostet das?", matter.Contract.NO)
    by = staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])
    hold = privacy.hold(
        organisation=dealer.organisation, subject=None, reason="Streit", query={}, by=by, at=AT
    )
    late = noon(2027, 6, 1)
    sweep(dealer, late)
    assert left(dealer) == {inquiry}
    held = [one.held for one in privacy.survey(organisation=dealer.organisation, at=late)]
    assert max(held) == 1
    privacy.end_hold(
        organisation=dealer.organisation, hold=hold, reason="dispute_over", by=by, at=late
    )
    sweep(dealer, late + DAY)
    assert left(dealer) == set()


def test_hold_set_while_the_sweep_runs_keeps_what_has_not_gone_yet(dealer, monkeypatch):
    monkeypatch.setattr(sweeping, "_BATCH", 1)
    first = closed(dealer, "Was kostet das?", matter.Contract.NO)
    second = closed(dealer, "Und das?", matter.Contract.NO, wa_id=dealers.BOB)
    by = staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])
    late, set_ = noon(2027, 6, 1), list[int]()

    def hold() -> None:
        common: dict[str, Any] = {"organisation": dealer.organisation, "by": by, "at": late}
        set_.append(privacy.hold(subject=None, reason="Streit", query={}, **common))

    def interrupt(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 -- as Django calls it
        done = execute(sql, params, many, context)
        if sql.startswith('DELETE FROM "message" ') and not set_:
            other = threading.Thread(target=hold)
            other.start()
            other.join()
        return done

    with connection.execute_wrapper(interrupt):
        sweep(dealer, late)
    assert len(set_) == 1
    assert left(dealer) == {second}
    assert first != second
    privacy.end_hold(
        organisation=dealer.organisation, hold=set_[0], reason="dispute_over", by=by, at=late
    )
    sweep(dealer, late + DAY)
    assert left(dealer) == set()


def test_too_much_at_once_waits_for_a_person(dealer):
    values = [dealers.text(f"Frage {number}", at=AT) for number in range(120)]
    dealers.arrive(dealer, dealers.body(dealer, *values))
    dealers.understand(dealer)
    by = staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])
    late = noon(2027, 7, 1)
    sweep(dealer, late)
    assert len(left(dealer)) == 120
    with scope.looking(organisation=dealer.organisation):
        mark = models.RetentionMark.objects.get(state="braked")
        assert (mark.rule, mark.name, mark.due) == ("L-02", "unfiled", 120)
    privacy.approve_sweep(organisation=dealer.organisation, mark=mark.id, by=by, at=late)
    with pytest.raises(privacy.UnableToSweep):
        privacy.approve_sweep(organisation=dealer.organisation, mark=mark.id, by=by, at=late)
    sweep(dealer, late)
    assert left(dealer) == set()


def test_contact_without_anything_is_erased_after_two_years(dealer):
    phones.writes(dealer, "Moin", at=AT)
    sweep(dealer, noon(2027, 7, 1))
    assert left(dealer) == set()
    sweep(dealer, noon(2028, 11, 24))
    with scope.looking(organisation=dealer.organisation):
        runs = list(models.ErasureRun.objects.values_list("trigger", flat=True))
    assert runs == ["rule"]


@pytest.mark.parametrize(("year", "until"), [(2027, date(2030, 1, 1)), (2025, date(2026, 1, 1))])
def test_tax_audit_of_a_year_to_come_or_until_a_day_gone_by_is_refused(dealer, year, until):
    with pytest.raises(privacy.UnableToSweep):
        privacy.open_tax_audit(
            organisation=dealer.organisation, year=year, until=until, by=1, at=AT
        )
