"""Founding a real installation: the answers it needs, checked before anything is made, then the deeds."""

import getpass
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import phonenumbers

from werkbote.config import env
from werkbote.domain import team as roles

STATES: tuple[str, ...] = (
    "BB",
    "BE",
    "BW",
    "BY",
    "HB",
    "HE",
    "HH",
    "MV",
    "NI",
    "NW",
    "RP",
    "SH",
    "SL",
    "SN",
    "ST",
    "TH",
)

QUESTIONS: Mapping[str, str] = {
    "organisation": "Name of the organisation",
    "branch": "Name of the first branch (Betrieb)",
    "legal_entity": "Legal entity of the branch, as in the imprint",
    "state_code": f"Bundesland of the branch ({', '.join(STATES)})",
    "name": "Your name (the first owner)",
    "email": "Your e-mail address",
    "password": "Your password (12 characters or more)",
}
NUMBER_QUESTIONS: Mapping[str, str] = {
    "phone_number_id": "Phone number id, from the Meta app",
    "account_id": "WhatsApp Business Account id",
    "phone": "Phone number with country code",
    "label": "How the team calls this number",
    "token": "Access token of the system user",
    "app_secret": "App secret",
    "verify_token": "Verify token (your choice)",
    "agreement_at": "Date of the processor agreement with Meta (YYYY-MM-DD)",
}
_SECRETS = frozenset({"password", "token", "app_secret"})


class UnableToFound(Exception):
    """The installation cannot be founded; `problems` has a sentence for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(path: Path) -> dict[str, Any]:
    """Return the answers of a JSON file: QUESTIONS, and NUMBER_QUESTIONS under “number”."""
    try:
        if path.stat().st_mode & 0o077:
            raise UnableToFound(
                [f"{path} holds a password and is readable for others: run “chmod 600 {path}”."]
            )
        found = json.loads(path.read_text())
    except OSError as error:
        raise UnableToFound(
            [f"{path} cannot be read ({error.strerror}): name another file."]
        ) from None
    except ValueError as error:
        raise UnableToFound([f"{path} is not JSON ({error}): correct it."]) from None
    if not isinstance(found, dict):
        raise UnableToFound([f"{path} is not a JSON object: give each answer its name."])
    return found


def ask(say: Callable[[str], str] = input) -> dict[str, Any]:
    """Return the answers a person types; the number may be left for later."""
    answers: dict[str, Any] = {name: _ask(name, text, say) for name, text in QUESTIONS.items()}
    if say("Connect a WhatsApp number now? (y/n) ").strip().lower().startswith("y"):
        answers["number"] = {name: _ask(name, text, say) for name, text in NUMBER_QUESTIONS.items()}
    return answers


def _ask(name: str, text: str, say: Callable[[str], str]) -> str:
    if name in _SECRETS:
        return getpass.getpass(f"{text}: ")
    return say(f"{text}: ").strip()


def check(answers: Mapping[str, Any]) -> None:
    """Raise UnableToFound with everything that is missing or wrong."""
    number = answers.get("number")
    problems = _missing(answers, QUESTIONS, also={"number"})
    if number is not None:
        problems += _missing(number, NUMBER_QUESTIONS, also=set())
    if not problems:
        problems = _wrong(answers)
    if problems:
        raise UnableToFound(problems)


def _missing(answers: Any, questions: Mapping[str, str], *, also: set[str]) -> list[str]:
    if not isinstance(answers, Mapping):
        return ["“number” is not a JSON object: give each answer its name."]
    problems = [
        f"“{name}” is missing: {text[0].lower()}{text[1:]}."
        for name, text in questions.items()
        if not str(answers.get(name, "")).strip()
    ]
    unknown = sorted(set(answers) - set(questions) - also)
    return problems + [f"“{name}” is not asked for: remove it." for name in unknown]


def _wrong(answers: Mapping[str, Any]) -> list[str]:
    problems = []
    if answers["state_code"] not in STATES:
        problems.append(f"“state_code” is not a Bundesland: use one of {', '.join(STATES)}.")
    name, _, domain = str(answers["email"]).partition("@")
    if not name or "." not in domain:
        problems.append("“email” is not an e-mail address: use one such as name@example.de.")
    if len(answers["password"]) < 12:  # noqa: PLR2004 -- said in the sentence
        problems.append("“password” is too short: use 12 characters or more.")
    return problems + _wrong_number(answers.get("number"))


def _wrong_number(number: Mapping[str, Any] | None) -> list[str]:
    if number is None:
        return []
    problems = []
    try:
        valid = phonenumbers.is_possible_number(phonenumbers.parse(str(number["phone"])))
    except phonenumbers.NumberParseException:
        valid = False
    if not valid:
        problems.append("“phone” is not a phone number: write it like +49 30 23125000.")
    try:
        date.fromisoformat(str(number["agreement_at"]))
    except ValueError:
        problems.append("“agreement_at” is not a date: write it like 2026-01-31.")
    return problems


def found(answers: Mapping[str, Any], *, environment: env.Environment) -> str:
    """Found the organisation with branch, owner and number; return what to do next, in words."""
    import django  # noqa: PLC0415 -- slow import

    django.setup()
    from django.db import connection  # noqa: PLC0415 -- slow import

    from werkbote.actions import team  # noqa: PLC0415 -- slow import

    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM werkbote_organisations()")
        (count,) = cursor.fetchone() or (0,)
    if count:
        raise UnableToFound(
            ["This installation is founded already: sign in as its owner, or set WERKBOTE_HOME."]
        )
    _check_password(answers["password"])
    organisation = team.create_organisation(name=answers["organisation"], at=now)
    branch = team.create_branch(
        organisation=organisation,
        name=answers["branch"],
        legal_entity=answers["legal_entity"],
        state_code=answers["state_code"],
        by="system",
        at=now,
    )
    team.create_member(
        organisation=organisation,
        email=answers["email"],
        name=answers["name"],
        password=answers["password"],
        role=roles.Role.OWNER,
        language="de",
        branches=[branch],
        by="system",
        at=now,
    )
    text = f"Founded. Keep a copy of {environment.key_file} apart from the data: without it, nothing opens."
    if answers.get("number"):
        slug = _connect(answers["number"], organisation=organisation, branch=branch, at=now)
        text += f"\nEnter at Meta as callback address: {environment.public_url}/hooks/meta/{slug}"
    return text


def _check_password(password: str) -> None:
    from django.contrib.auth import password_validation  # noqa: PLC0415 -- slow import
    from django.core.exceptions import ValidationError  # noqa: PLC0415 -- slow import

    try:
        password_validation.validate_password(password)
    except ValidationError as error:
        raise UnableToFound([f"“password”: {text}" for text in error.messages]) from None


def _connect(number: Mapping[str, Any], *, organisation: int, branch: int, at: datetime) -> str:
    from werkbote.actions import numbers  # noqa: PLC0415 -- slow import

    parsed = phonenumbers.parse(str(number["phone"]))
    connection = numbers.Connection(
        phone_number_id=number["phone_number_id"],
        account_id=number["account_id"],
        phone=phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
        label=number["label"],
        token=number["token"],
        app_secret=number["app_secret"],
        verify_token=number["verify_token"],
        agreement_at=date.fromisoformat(number["agreement_at"]),
    )
    _, slug = numbers.connect(
        organisation=organisation, branch=branch, number=connection, by="system", at=at
    )
    return slug


def main() -> int:
    """Found what the answers on standard input say; return the exit code."""
    try:
        sys.stdout.write(found(json.load(sys.stdin), environment=env.read()) + "\n")
    except UnableToFound as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
