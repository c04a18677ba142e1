"""The words of consent: requests, buttons, receipts, forms, filled in for a branch; keyed button answers."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from werkbote.actions import ledger, policy
from werkbote.domain import consent, law, newsletter, withdrawal
from werkbote.store import models, rechtsstand, vault

_PREFIX = "wb1"
_MAC = 20
_PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The Rechtsstand's words on consent for one branch and language."""

    company: str
    link: str
    language: str
    rules: law.Law
    document: Mapping[str, Any]

    def say(self, name: str, **places: str) -> str:
        """Return a text with its places filled."""
        return self._filled(self.document[name], **places)

    def form(self, name: str, **places: str) -> str:
        """Return a text of the form with its places filled."""
        return self._filled(self.document["form"][name], **places)

    def poster(self, name: str, **places: str) -> str:
        """Return a text of the poster with its places filled."""
        return self._filled(self.document["poster"][name], **places)

    def poster_steps(self) -> list[str]:
        """Return what one does in front of a poster, step by step."""
        return [self._filled(step) for step in self.document["poster"]["steps"]]

    def button(self, name: str) -> str:
        """Return the title of a button (at most 20 characters)."""
        title: str = self.document["buttons"][name][self.language]
        return title

    def purpose(self, code: str) -> str:
        """Return a purpose as people read it: its name, and what the house means by it."""
        purpose = self.rules.purposes[code]
        german = self.language == "de"
        name = purpose.name_de if german else purpose.name_en
        detail = purpose.detail_de if german else purpose.detail_en
        return f"{name} ({detail})" if detail else name

    def request(self, code: str) -> str:
        """Return the question that the person confirms."""
        return self._asked("request", code)

    def box(self, code: str) -> str:
        """Return the sentence beside the box of a purpose."""
        return self._asked("box", code)

    def _asked(self, part: str, code: str) -> str:
        """Return a question in the words of its purpose, or those of messages."""
        usual = self.document["form"]["box"] if part == "box" else self.document[part]
        own = self.document["own"].get(code, {}).get(part, usual)
        return self._filled(own, purpose=self.purpose(code), frequency=self.frequency(code)).strip()

    def frequency(self, code: str) -> str:
        """Return how often messages come at most; empty where nothing is promised."""
        caps = self.rules.purposes[code].caps
        if not caps:
            return ""
        name = "frequency_one" if caps[0].count == 1 else "frequency"
        return self.say(name, count=str(caps[0].count), days=str(caps[0].days))

    @property
    def channel(self) -> str:
        """The channel as evidence names it."""
        name: str = self.document["channel"]
        return name

    @property
    def offered(self) -> tuple[str, ...]:
        """The purposes a page offers."""
        return tuple(self.document["purposes"])

    def with_document(self, document: Mapping[str, Any]) -> "Words":
        """Return the same words by another document, to see how it would read."""
        return replace(self, document=document)

    def with_rules(self, rules: law.Law) -> "Words":
        """Return the same words by another law, to see how purposes would read."""
        return replace(self, rules=rules)

    def _filled(self, text: Mapping[str, str], **places: str) -> str:
        return text[self.language].format(company=self.company, link=self.link, **places)


def of(
    keys: vault.OrganisationKeys, branch: models.Branch, *, at: datetime, language: str = "de"
) -> Words:
    """Return the words of a branch on a day."""
    day = at.astimezone(ledger.ZONE).date()
    return Words(
        company=keys.main.open_text(
            branch.legal_entity_sealed, table="branch", row=branch.id, column="legal_entity_sealed"
        ),
        link=policy.link(branch.id),
        language=language if language in {"de", "en"} else "de",
        rules=rechtsstand.on(day),
        document=rechtsstand.document("optin", day=day),
    )


def purposes(rules: law.Law) -> frozenset[str]:
    """Return the purposes that are asked for on WhatsApp; the newsletter is asked for by e-mail."""
    return frozenset(
        code
        for code, purpose in rules.purposes.items()
        if purpose.opt_in and code != newsletter.PURPOSE
    )


def fold(text: str) -> str:
    """Return a text as keywords are compared: small letters, no signs, single spaces."""
    return " ".join(word for word in withdrawal.normalise(text).split() if word != ".")


def payload(keys: vault.OrganisationKeys, *, subject: str, answer: str) -> str:
    """Return what a button brings back: about what, which answer, and a keyed proof that we made it."""
    return f"{_PREFIX}:{subject}:{answer}:{_mac(keys, subject, answer)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a button brought back. `genuine` is False where the proof is not ours."""

    subject: str
    answer: str
    genuine: bool


def read_payload(keys: vault.OrganisationKeys, value: str) -> Answer | None:
    """Return the answer of one of our buttons, None for anything else."""
    parts = value.split(":")
    if len(parts) != _PARTS or parts[0] != _PREFIX:
        return None
    _, subject, answer, mac = parts
    genuine = hmac.compare_digest(mac.encode(), _mac(keys, subject, answer).encode())
    return Answer(subject=subject, answer=answer, genuine=genuine)


def _mac(keys: vault.OrganisationKeys, subject: str, answer: str) -> str:
    return keys.digest("consent button", f"{subject}\0{answer}".encode()).hex()[:_MAC]


def presentation(kind: str, reference: str, snapshot: str) -> consent.Presentation:
    """Return field 6: where it was shown, and the hash of what was shown."""
    return consent.Presentation(kind=kind, reference=reference, snapshot_hash=digest(snapshot))


def digest(text: str) -> str:
    """Return the hex SHA-256 of a text, by which a version of it is named."""
    return consent.link(consent.GENESIS, {"text": text})
