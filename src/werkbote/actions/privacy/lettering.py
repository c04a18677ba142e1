"""The words of letters to persons, filled from the law of the day: access, extension, refusal, erasure."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from werkbote.actions.privacy import disclosing, keeping
from werkbote.domain import privacy
from werkbote.papers import privacy as papers
from werkbote.store import exporting, models, personal_data, rechtsstand, vault

_MOST_SHOWN = 300
_CODE_DIGITS = 6


def secret() -> str:
    """Return the secret part of a one-time link."""
    return secrets.token_urlsafe(32)


def code() -> str:
    """Return a code to be typed in: six digits."""
    return f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}}"


def download_days(at: datetime) -> timedelta:
    """Return how long a link is open."""
    return timedelta(days=rechtsstand.retention(keeping.today(at)).download_days)


def _law(at: datetime) -> Mapping[str, Any]:
    return rechtsstand.document("access", day=keeping.today(at))


def information(at: datetime) -> dict[str, Any]:
    """Return what Art. 15(1) and (2) ask for beside the data: recipients, transfers, rights, periods."""
    law = _law(at)
    return {
        "recipients": list(law["recipients"]),
        "transfer": law["transfer"],
        "rights": law["rights"],
        "logic": law["logic"],
        "contact_book": law["contact_book"],
        "backups": _backups(law, at),
        "tables": {
            table.model: {"purpose": table.purpose, "kept": table.kept}
            for table in exporting.tables()
        },
    }


def _backups(law: Mapping[str, Any], at: datetime) -> str:
    period = rechtsstand.retention(keeping.today(at)).rules["L-25"].period
    return str(law["backups"]).format(days=period.days if period else 0)


def day(value: date | datetime | str) -> str:
    """Return a day as German letters write it."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        value = keeping.today(value)
    return f"{value:%d.%m.%Y}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the answer to a request for access is made of; `disclosed` as disclosing.disclosed gives it."""

    tables: Mapping[str, list[exporting.Row]]
    said: Sequence[Mapping[str, str]]
    disclosed: Mapping[str, Any]
    left_out: Mapping[str, str | int]


def access(
    keys: vault.OrganisationKeys, request: models.PersonRequest, content: Access, *, at: datetime
) -> bytes:
    """Return the readable answer to a request for access. Inside a scope."""
    law, tables = _law(at), content.tables
    words = law["letters"]["access"]
    sections = [_identities(tables), _sources(tables), _kept(law, tables)]
    sections += [_recipients(law, content.disclosed, at), *_held_back(law, content)]
    sections += [_consents(tables), _messages(content.said)]
    return _letter(
        keys,
        request.branch_id,
        title=words["title"],
        lead=[words["lead"].format(received=day(request.received_on))],
        sections=[one for one in sections if one.rows or one.paragraphs],
        at=at,
    )


def _identities(tables: Mapping[str, list[exporting.Row]]) -> papers.Section:
    names = [row["name_sealed"] for row in tables["store.Person"] if row["name_sealed"]]
    rows = [["Name", str(name)] for name in names]
    words = {"phone": "Telefonnummer", "bsuid": "WhatsApp-Nutzerkennung", "email": "E-Mail"}
    rows += [
        [words.get(str(row["scheme"]), str(row["scheme"])), str(row["value_sealed"])]
        for row in tables["store.Identity"]
    ]
    return papers.Section(heading="Wer Sie für uns sind", head=("Was", "Wert"), rows=rows)


def _sources(tables: Mapping[str, list[exporting.Row]]) -> papers.Section:
    rows = [[str(row["source"]), day(row["created_at"])] for row in tables["store.Person"]]
    return papers.Section(heading="Woher wir die Daten haben", head=("Quelle", "seit"), rows=rows)


def _kept(law: Mapping[str, Any], tables: Mapping[str, list[exporting.Row]]) -> papers.Section:
    listed = {table.model: table for table in personal_data.TABLES}
    rows = [
        [
            str(law["stores"].get(model, model.removeprefix("store."))),
            str(len(found)),
            str(listed[model].rule or "–"),
        ]
        for model, found in tables.items()
        if found
    ]
    return papers.Section(
        heading="Was wir gespeichert haben",
        paragraphs=["Jede Zeile steht vollständig in data.json, mit Zweck und Dauer."],
        head=("Art", "Anzahl", "Löschklasse"),
        rows=rows,
        columns=(4, 1, 1),
    )


def _recipients(
    law: Mapping[str, Any], disclosed: Mapping[str, Any], at: datetime
) -> papers.Section:
    named = {one["name"]: one["what"] for one in (*law["recipients"], *disclosed["recipients"])}
    return papers.Section(
        heading="Empfänger, Übermittlung, Ihre Rechte",
        paragraphs=[
            law["transfer"],
            law["contact_book"],
            *disclosing.told(disclosed, law),
            law["logic"],
            _backups(law, at),
            law["rights"],
        ],
        head=("Empfänger", "wofür"),
        rows=[[name, what] for name, what in named.items()],
    )


def _held_back(law: Mapping[str, Any], content: Access) -> Iterator[papers.Section]:
    """Yield what left the house by hand, what the person does not get from us, and what is left out."""
    words, found = law["held_back"], content.disclosed
    yield papers.Section(
        heading=words["disclosures"],
        head=("Wann", "Was"),
        rows=[[day(one["at"]), words["verbs"][one["what"]]] for one in found["disclosures"]],
        columns=(1, 4),
    )
    yield papers.Section(
        heading=words["suppressions"],
        head=("Seit", "Was"),
        rows=[[day(one["since"]), words["scopes"][one["scope"]]] for one in found["suppressions"]],
        columns=(1, 4),
    )
    yield papers.Section(
        heading=words["not_sent"],
        head=("Wann", "Warum nicht"),
        rows=[[day(one["at"]), f"{one['why']} ({one['article']})"] for one in found["not_sent"]],
        columns=(1, 4),
    )
    if content.left_out:
        count, reason = content.left_out["messages"], content.left_out["reason"]
        told = [
            words["left_out"]["lead"].format(count=count),
            str(reason),
            words["left_out"]["rights"],
        ]
        yield papers.Section(heading=words["left_out"]["heading"], paragraphs=told)


def taken_along(
    keys: vault.OrganisationKeys, request: models.PersonRequest, *, at: datetime
) -> bytes:
    """Return the letter that accompanies what a person takes along (Art. 20). Inside a scope."""
    words = _law(at)["letters"]["taken_along"]
    lead = [words["lead"].format(received=day(request.received_on)), words["scope"], words["rest"]]
    return _letter(keys, request.branch_id, title=words["title"], lead=lead, sections=[], at=at)


def _consents(tables: Mapping[str, list[exporting.Row]]) -> papers.Section:
    rows = [
        [str(row["purpose"]), str(row["state"]), day(row["since"]) if row["since"] else "–"]
        for row in tables["store.Consent"]
    ]
    return papers.Section(
        heading="Einwilligungen", head=("Zweck", "Stand", "seit"), rows=rows, columns=(1, 1, 1)
    )


def _messages(said: Sequence[Mapping[str, str]]) -> papers.Section:
    shown = said[-_MOST_SHOWN:]
    note = []
    if len(said) > len(shown):
        note = [f"Die letzten {len(shown)} von {len(said)} Nachrichten; alle in messages.csv."]
    return papers.Section(
        heading="Nachrichten",
        paragraphs=note,
        head=("Wann", "Von", "Text"),
        rows=[
            [
                day(one["at"]),
                "Betrieb" if one["from"] == "dealer" else "Sie",
                one["text"] or f"({one['kind']})",
            ]
            for one in shown
        ],
        columns=(1, 1, 5),
    )


def reply(keys: vault.OrganisationKeys, request: models.PersonRequest, *, at: datetime) -> bytes:
    """Return the letter that tells an extension or a refusal with its reasons. Inside a scope."""
    kind = "refusal" if request.state == privacy.RequestState.REFUSED else "extension"
    words = _law(at)["letters"][kind]
    reason = keys.main.open_text(
        request.reason_sealed, table="person_request", row=request.id, column="reason_sealed"
    )
    told = {"received": day(request.received_on), "due": day(request.due_on)}
    lead = [words["lead"].format(**told), reason]
    if kind == "refusal":
        authority = _authority(request.branch_id, at)
        lead += [words["rights"], words["authority"].format(authority=authority), words["free"]]
    return _letter(keys, request.branch_id, title=words["title"], lead=lead, sections=[], at=at)


def _authority(branch: int, at: datetime) -> str:
    """Return the authority of a branch's Bundesland, as the notices name it."""
    state = models.Branch.objects.values_list("state_code", flat=True).get(id=branch)
    return str(rechtsstand.document("notice_page", day=keeping.today(at))["authorities"][state])


def lifting(request: models.PersonRequest, *, at: datetime) -> list[str]:
    """Return the paragraphs that tell a person why their restriction ends (Art. 18(3))."""
    words = _law(at)["letters"]["lifting"]
    lead = words["lead"].format(received=day(request.received_on))
    return [lead, words["reasons"][request.result["lift"]], words["rights"]]


def lifted(keys: vault.OrganisationKeys, request: models.PersonRequest, *, at: datetime) -> bytes:
    """Return the letter that tells a person why their restriction ends. Inside a scope."""
    title = _law(at)["letters"]["lifting"]["title"]
    lead = lifting(request, at=at)
    return _letter(keys, request.branch_id, title=title, lead=lead, sections=[], at=at)


def unidentified(
    keys: vault.OrganisationKeys, request: models.PersonRequest, *, code: str, at: datetime
) -> bytes:
    """Return the letter that nobody here fits a request, and how to show who one is. Inside a scope."""
    law = _law(at)["letters"]
    words = law["unidentified"]
    lead = [
        words["lead"].format(received=day(request.received_on)),
        words["offer"].format(code=code),
    ]
    lead.append(law["refusal"]["rights"])
    return _letter(keys, request.branch_id, title=words["title"], lead=lead, sections=[], at=at)


def told(keys: vault.OrganisationKeys, request: models.PersonRequest, *, at: datetime) -> bytes:
    """Return the letter that names who got the data and has heard of the change. Inside a scope."""
    law = _law(at)
    words, names = law["letters"]["recipients"], law["notices"]
    listed = papers.Section(
        heading=words["heading"],
        head=("Empfänger", "Stand"),
        rows=[[names["who"][one["who"]], _standing(names, one)] for one in request.notices],
        columns=(3, 2),
    )
    lead = [words["lead"].format(received=day(request.received_on))]
    return _letter(
        keys, request.branch_id, title=words["title"], lead=lead, sections=[listed], at=at
    )


def unasked(keys: vault.OrganisationKeys, row: models.UnaskedDocument, *, at: datetime) -> bytes:
    """Return the letter that what somebody sent unasked is deleted. Inside a scope."""
    words = _law(at)["letters"]["unasked"]
    lead = [words["lead"].format(received=day(row.received_on), due=day(row.due_on))]
    return _letter(
        keys, row.branch_id, title=words["title"], lead=[*lead, words["please"]], sections=[], at=at
    )


def _standing(names: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    state = str(names["states"][one["state"]])
    return f"{state} ({day(one['at'])})" if one["at"] else state


def erased(
    keys: vault.OrganisationKeys, branch: int, content: Mapping[str, Any], *, at: datetime
) -> bytes:
    """Return the confirmation of an erasure for the person (recht.md 4.6). Inside a scope."""
    law = _law(at)
    words, names = law["letters"]["erasure"], law["stores"]
    told = {"erased": day(content["erased_on"]), "backups": day(content["backups_until"])}
    lead = [words["lead" if content["complete"] else "partly"].format(**told)]
    lead += [law["contact_book_answers"][content["contact_book"]]]
    lead += [words["suppression"]] if content["suppression_kept"] else []
    lead += [words["backups"].format(**told), words["meta"], words["rights"]]
    gone = papers.Section(
        heading="Was gelöscht wurde",
        head=("Art", "Anzahl"),
        rows=[
            [str(names[store]), str(count)]
            for store, count in sorted(content["erased"].items())
            if store in names
        ],
        columns=(4, 1),
    )
    kept = papers.Section(
        heading="Was bleibt und warum",
        head=("Art", "Anzahl", "bis", "Norm"),
        rows=[
            [
                str(names.get(one["store"], one["store"])),
                str(one["count"]),
                day(one["until"]) if one["until"] else "bis der Vorgang endet und die Frist um ist",
                one["article"],
            ]
            for one in content["kept"]
        ],
        columns=(2, 1, 2, 4),
    )
    sections = [one for one in (gone, kept) if one.rows]
    return _letter(keys, branch, title=words["title"], lead=lead, sections=sections, at=at)


def _letter(
    keys: vault.OrganisationKeys,
    branch: int,
    *,
    title: str,
    lead: Sequence[str],
    sections: Sequence[papers.Section],
    at: datetime,
) -> bytes:
    row = models.Branch.objects.get(id=branch)
    sender = keys.main.open_text(
        row.legal_entity_sealed, table="branch", row=row.id, column="legal_entity_sealed"
    )
    version = rechtsstand.retention(keeping.today(at)).version
    return papers.letter(
        title=title,
        sender=sender,
        foot=f"Rechtsstand {version}",
        lead=lead,
        sections=sections,
        at=at,
    )
