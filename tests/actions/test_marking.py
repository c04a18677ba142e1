"""Marks on single messages: put on by the house when a case closes, by a member, and never in the archive."""

from datetime import date

import pytest

from tests import dealers, filed, staff
from werkbote.actions import cases
from werkbote.domain import cases as matter
from werkbote.store import ids, models, scope

pytestmark = pytest.mark.usefixtures("journal_folder")

AT = dealers.NOW
YES, NO = matter.Contract.YES, matter.Contract.NO


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


@pytest.fixture
def owner(dealer: dealers.Dealer) -> int:
    return staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])


def picture(dealer: dealers.Dealer, caption: str) -> int:
    value = dealers.text("", at=AT)
    item = value["messages"][0]
    del item["text"]
    item |= {"type": "image", "image": {"id": "7712", "mime_type": "image/jpeg"}}
    if caption:
        item["image"]["caption"] = caption
    dealers.arrive(dealer, dealers.body(dealer, value), at=AT)
    dealers.understand(dealer, at=AT)
    with scope.looking(organisation=dealer.organisation):
        return models.Message.objects.latest("id").id


@pytest.mark.parametrize(
    ("kind", "contract", "caption", "tag"),
    [
        (matter.Kind.REPAIR_ORDER, YES, "", "damage_photo"),
        (matter.Kind.COMPLAINT, YES, "", "damage_photo"),
        (matter.Kind.REPAIR_ORDER, YES, "Ja, bitte so machen", ""),
        (matter.Kind.REPAIR_ORDER, NO, "", ""),
        (matter.Kind.ACCIDENT, YES, "", ""),
        (matter.Kind.PURCHASE, YES, "", ""),
    ],
)
def test_closing_a_case_marks_pictures_by_kind_contract_and_words(
    dealer, kind, contract, caption, tag
):
    message = picture(dealer, caption)
    filed.close(dealer, filed.opened(dealer, message, kind), contract)
    assert filed.tag_of(dealer, message) == tag


def test_mark_of_the_house_follows_the_answer_and_the_case_and_never_replaces_a_members(
    dealer, owner
):
    first, second = picture(dealer, ""), picture(dealer, "")
    filed.mark(dealer, second, "commercial_letter", owner)
    case = filed.opened(dealer, first, matter.Kind.REPAIR_ORDER)
    where = {"organisation": dealer.organisation, "by": "system", "at": AT}
    filed.close(dealer, case, YES)
    cases.file_message(message=second, case=case, **where)
    assert [filed.tag_of(dealer, one) for one in (first, second)] == [
        "damage_photo",
        "commercial_letter",
    ]
    cases.answer_contract(case=case, contract=NO, **where)
    assert [filed.tag_of(dealer, one) for one in (first, second)] == ["", "commercial_letter"]
    cases.answer_contract(case=case, contract=YES, **where)
    cases.file_message(message=first, case=None, **where)
    assert filed.tag_of(dealer, first) == ""


def test_mark_is_refused_where_it_is_unknown_archived_or_the_message_is_gone(dealer, owner):
    message = filed.wrote(dealer)
    with pytest.raises(cases.UnableToMark, match="choose one"):
        filed.mark(dealer, message, "secret", owner)
    filed.mark(dealer, message, "commercial_letter", owner)
    filed.sweep(dealer, date(2027, 6, 1))
    with pytest.raises(cases.UnableToMark, match="archive"):
        filed.mark(dealer, message, "small_talk", owner)
    with pytest.raises(cases.UnableToMark, match="not here"):
        filed.mark(dealer, ids.new(), "small_talk", owner)
    with scope.looking(organisation=dealer.organisation):
        entries = models.AuditEntry.objects.filter(verb="cases.mark_message")
        assert [one.detail for one in entries] == [{"tag": "commercial_letter"}]
