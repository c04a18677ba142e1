"""What a house says after a missed call and on its website, one set of texts for each branch on WhatsApp."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from werkbote.domain import missed_calls, team
from werkbote.reads import access
from werkbote.store import ids, keyring, models, rechtsstand, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the texts are wanted: `pages` is the address under which the public pages of branches lie."""

    pages: str
    spoken: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One branch: the address of its page with the notice, and its texts."""

    id: int
    name: str
    link: str
    texts: missed_calls.Texts


def branches(*, viewer: access.Viewer, wish: Wish, today: date) -> Sequence[Branch]:
    """Return the viewer's branches that are on WhatsApp; raise missed_calls.UnableToSay for the address."""
    access.check_right(viewer, team.Right.READ_CHATS)
    main = keyring.organisation(viewer.organisation).main
    found = []
    with scope.looking(organisation=viewer.organisation):
        document = rechtsstand.document("missed_calls", day=today)
        on_whatsapp = models.Number.objects.filter(channel="whatsapp").values("branch")
        rows = models.Branch.objects.filter(id__in=viewer.branches).filter(id__in=on_whatsapp)
        for row in rows.order_by("id"):
            company = main.open_text(
                row.legal_entity_sealed, table="branch", row=row.id, column="legal_entity_sealed"
            )
            link = f"{wish.pages}{ids.short(row.id)}"
            found.append(
                Branch(
                    id=row.id,
                    name=main.open_text(
                        row.name_sealed, table="branch", row=row.id, column="name_sealed"
                    ),
                    link=link,
                    texts=missed_calls.texts(
                        document,
                        company=company,
                        link=link,
                        spoken=missed_calls.spoken(given=wish.spoken, link=link),
                        language=wish.language,
                    ),
                )
            )
    return found
