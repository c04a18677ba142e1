"""Which class of the deletion concept (Löschklasse L-xx) a case falls under, as the law file says."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from werkbote.domain import law
from werkbote.domain.cases import states


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """The classes of one kind of case, by the answer to „Vertrag zustande gekommen?“."""

    contract: str
    no_contract: str
    unknown: str

    def of(self, contract: states.Contract) -> str:
        """Return the class for an answer."""
        by_answer = {
            states.Contract.YES: self.contract,
            states.Contract.NO: self.no_contract,
            states.Contract.UNKNOWN: self.unknown,
        }
        return by_answer[contract]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLaw:
    """How cases are kept on a day. `unfiled` holds for messages of no case, from `unfiled_days` on."""

    kinds: Mapping[states.Kind, Keeping]
    unfiled: str
    unfiled_days: int

    def keeping(self, *, kind: states.Kind, contract: states.Contract) -> str:
        """Return the class of the deletion concept for a closed case."""
        return self.kinds[kind].of(contract)


def parse(document: Mapping[str, Any]) -> CaseLaw:
    """Return the case law that a loaded file states.

    Raises:
        law.UnableToReadLaw: if a kind of case or a class is missing or has the wrong form.
    """
    try:
        kinds = {
            states.Kind(kind): Keeping(**{answer: _code(code) for answer, code in entry.items()})
            for kind, entry in document["kinds"].items()
        }
        missing = sorted(set(states.Kind) - kinds.keys())
        if missing:
            raise law.UnableToReadLaw(
                f"The file on cases does not say how these are kept: {', '.join(missing)}. Add them."
            )
        return CaseLaw(
            kinds=MappingProxyType(kinds),
            unfiled=_code(document["unfiled"]["class"]),
            unfiled_days=int(document["unfiled"]["after_days"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, law.UnableToReadLaw):
            raise
        raise law.UnableToReadLaw(
            f"The file on cases is malformed ({error!r}). Compare it with the one before it."
        ) from error


def _code(value: object) -> str:
    code = str(value)
    if not (code.startswith("L-") and code[2:].isdecimal()):
        raise ValueError(f"{code} is no class of the deletion concept")
    return code
