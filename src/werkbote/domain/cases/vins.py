"""The vehicle identification number (FIN): 17 signs by ISO 3779, without I, O and Q."""

import re

_LENGTH = 17
_SIGNS = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VALUES = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, *range(2, 10)),
        strict=True,
    )
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK = 8
_MODULUS = 11
_DEFECTIVE = "IOQ"


class UnableToReadVin(ValueError):
    """The text is no vehicle identification number; the sentence says what is wrong with it."""


def read_vin(text: str) -> str:
    """Return a FIN in capital letters without spaces and hyphens; raise UnableToReadVin otherwise.

    Vehicles first registered before 1981 carry shorter numbers, which are not read here.
    """
    signs = re.sub(r"[\s-]", "", text).upper()
    if len(signs) != _LENGTH:
        raise UnableToReadVin(
            "A vehicle identification number has 17 signs: compare it with field E of the "
            "registration certificate. Vehicles from before 1981 have none; leave it empty."
        )
    if set(signs) & set(_DEFECTIVE):
        raise UnableToReadVin(
            "A vehicle identification number never holds I, O or Q: read 1 or 0 instead."
        )
    if not _SIGNS.fullmatch(signs):
        raise UnableToReadVin(
            "A vehicle identification number holds letters and digits alone: check it again."
        )
    return signs


def check_digit_fits(vin: str) -> bool:
    """Return whether the ninth sign is the check digit of 49 CFR § 565.15.

    A hint and no more: in Europe the digit is optional, and most German makers write a Z there.
    """
    total = sum(
        (int(sign) if sign.isdecimal() else _VALUES[sign]) * weight
        for sign, weight in zip(vin, _WEIGHTS, strict=True)
    )
    digit = total % _MODULUS
    return vin[_CHECK] == ("X" if digit == _MODULUS - 1 else str(digit))
