"""Webhook bodies as Meta sends them, every one different, signed; and the texts in them."""

import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterator
from itertools import accumulate

_NOUNS = [
    "Bremse",
    "Reifen",
    "Motor",
    "Getriebe",
    "Kupplung",
    "Auspuff",
    "Batterie",
    "Scheibe",
    "Spiegel",
    "Stoßdämpfer",
    "Achse",
    "Felge",
    "Lenkung",
    "Klimaanlage",
    "Heizung",
    "Turbolader",
    "Anlasser",
    "Lichtmaschine",
    "Zahnriemen",
    "Wasserpumpe",
    "Kühler",
    "Termin",
    "Probefahrt",
    "Rechnung",
    "Angebot",
    "Inspektion",
    "Ölwechsel",
    "Hauptuntersuchung",
    "Abholung",
    "Leihwagen",
    "Schlüssel",
    "Ersatzteil",
    "Garantie",
    "Versicherung",
    "Gutachten",
    "Lackierung",
    "Unfall",
    "Anhänger",
    "Fahrzeugschein",
]
_TAILS = [
    "wechsel",
    "prüfung",
    "reparatur",
    "geräusch",
    "leuchte",
    "schaden",
    "kosten",
    "einbau",
    "ausbau",
    "lager",
    "dichtung",
    "sensor",
    "schlauch",
    "deckel",
    "halter",
    "filter",
    "pumpe",
    "leitung",
    "träger",
    "block",
    "riemen",
    "kasten",
    "bolzen",
    "feder",
    "gehäuse",
]
_REST = [
    "und",
    "ist",
    "das",
    "der",
    "die",
    "ich",
    "wir",
    "bitte",
    "noch",
    "nicht",
    "können",
    "wann",
    "heute",
    "morgen",
    "wieder",
    "schon",
    "danke",
    "Uhr",
    "Auto",
    "Wagen",
    "Werkstatt",
    "vorne",
    "hinten",
    "links",
    "rechts",
    "fertig",
    "kaputt",
    "neu",
    "alt",
    "schnell",
    "Montag",
    "Dienstag",
    "Mittwoch",
    "Donnerstag",
    "Freitag",
    "Euro",
    "kommen",
    "bringen",
    "holen",
    "schicken",
    "melden",
    "hören",
    "gut",
    "Guten",
    "Tag",
    "Frau",
]
_COMPOUNDS = [
    f"{noun.rstrip('e')}{'n' * noun.endswith('e')}{tail}" for noun in _NOUNS for tail in _TAILS
]
VOCABULARY = (*_REST, *_NOUNS, *_COMPOUNDS)
"""Words by falling frequency (Zipf): filler first, then nouns, then compounds."""

_WEIGHTS = tuple(accumulate(1 / (rank + 2.7) for rank in range(len(VOCABULARY))))
_PHONES = [f"4917139200{i:02}" for i in range(100)] + [f"4917604069{i:03}" for i in range(100)]
PEOPLE = len(_PHONES)
"""How many different senders there are: the ranges kept free for films hold no more."""


def text(source: random.Random, *, words: int = 9) -> str:
    """Return an invented message of about that many words, one in eight with a number plate."""
    count = max(2, round(source.gauss(words, 4)))
    found = source.choices(VOCABULARY, cum_weights=_WEIGHTS, k=count)
    if source.random() < 1 / 8:
        found.append(
            f"KA-{source.choice('ABCDEFGH')}{source.choice('KLMNOP')} {source.randrange(1, 10_000)}"
        )
    if source.random() < 1 / 6:
        found.append(str(source.randrange(10, 99_999)))
    return " ".join(found)


def signature(body: bytes, secret: str) -> str:
    """Return the value of X-Hub-Signature-256."""
    return "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()


def bodies(*, number: str, account: str, run: str, first: int = 0) -> Iterator[bytes]:
    """Yield bodies with one text message each, endlessly; `run` keeps two runs apart."""
    source = random.Random(f"{run}{first}")
    index = first
    while True:
        phone = _PHONES[index % PEOPLE]
        message = {
            "from": phone,
            "id": f"wamid.{run}{index:08}",
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": text(source)},
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "493023125100", "phone_number_id": number},
            "contacts": [{"profile": {"name": f"Kundin {index % PEOPLE}"}, "wa_id": phone}],
            "messages": [message],
        }
        entry = {"id": account, "changes": [{"field": "messages", "value": value}]}
        whole = {"object": "whatsapp_business_account", "entry": [entry]}
        yield json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
        index += 1
