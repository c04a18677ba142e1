"""The words of the newsletter, filled in for a branch and a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkbote.actions import ledger, policy
from werkbote.domain import law, newsletter
from werkbote.store import models, notice, rechtsstand, vault

LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The Rechtsstand's words on the newsletter for one branch and language."""

    company: str
    address: str
    link: str
    language: str
    server: str
    rules: law.Law
    document: Mapping[str, Any]

    def say(self, *names: str, **places: str) -> str:
        """Return a text with its places filled; `names` lead to it."""
        found: Any = self.document
        for name in names:
            found = found[name]
        text: str = found[self.language]
        return text.format(
            company=self.company, link=self.link, address=self.address, **places
        ).strip()

    @property
    def channel(self) -> str:
        """The channel as evidence names it."""
        name: str = self.document["channel"]
        return name

    @property
    def frequency(self) -> str:
        """How often e-mails come at most."""
        cap = self.rules.purposes[newsletter.PURPOSE].caps[0]
        text: str = self.document["frequency"][self.language]
        return text.format(count=cap.count, days=cap.days)

    @property
    def box(self) -> str:
        """The sentence beside the unticked box."""
        return self.say("form", "box", frequency=self.frequency)

    @property
    def recipient(self) -> str:
        """Who receives the addresses for sending; "" where the mail server is our own."""
        return self.say("form", "server", server=self.server) if self.server else ""

    @property
    def form(self) -> str:
        """All that the form shows, as evidence keeps it."""
        lines = [self.say("form", name) for name in ("title", "intro", "announce", "age")]
        return "\n".join(filter(None, (*lines, self.recipient, self.box)))


def of(
    keys: vault.OrganisationKeys, branch: models.Branch, *, at: datetime, language: str
) -> Words:
    """Return the words of a branch on a day. Inside `looking` or a transaction."""
    day = at.astimezone(ledger.ZONE).date()
    details = notice.details(keys, branch)
    places = [part for part in (details.street.strip(), details.place.strip()) if part]
    if details.imprint.strip():
        places.append(details.imprint.strip())
    return Words(
        company=details.company,
        address="".join(f", {part}" for part in places),
        link=policy.link(branch.id),
        language=language if language in LANGUAGES else "de",
        server=details.mail,
        rules=rechtsstand.on(day),
        document=rechtsstand.document("newsletter", day=day),
    )
