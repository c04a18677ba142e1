"""Whether somebody says that they are too young to agree (Art. 8 DSGVO): a few plain sentences, no guess."""

import re
from collections.abc import Mapping
from typing import Any

from werkbote.domain import withdrawal


class UnableToReadYouth(ValueError):
    """The file of consent lacks the sentences by which somebody tells their age."""


def youth_sentences(document: Mapping[str, Any]) -> re.Pattern[str]:
    """Return the sentences of a file, ready for `tells_youth`; raise UnableToReadYouth where a part is missing."""
    try:
        part = document["youth"]
        ages = [str(age) for age in range(int(part["from"]), int(part["under"]))]
        age = "|".join((*ages, *part["spelled"]))
        after = "|".join(part["not_before"])
        aged = [
            re.escape(words).replace(r"\{age\}", f"(?:{age})") + rf"(?! (?:(?:{after})\b|\d))"
            for words in part["with_age"]
        ]
        plain = [re.escape(words) for words in part["without_age"]]
        return re.compile(rf"\b(?:{'|'.join((*aged, *plain))})\b")
    except (KeyError, TypeError, ValueError) as error:
        raise UnableToReadYouth(
            f"The file of consent is incomplete ({error!r}): compare it with the one before."
        ) from error


def tells_youth(text: str, sentences: re.Pattern[str]) -> bool:
    """Return whether a message says that its writer is too young to agree."""
    return sentences.search(withdrawal.normalise(text)) is not None
