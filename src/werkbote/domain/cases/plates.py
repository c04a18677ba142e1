"""German number plates (Kennzeichen) by §§ 8 to 10 FZV: district, letters, digits, suffix, season."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

_MOST_SIGNS = 8
_DISTRICT_LETTERS = 3
_PARTED = re.compile(r"([A-ZÄÖÜ]{1,3})[ -]+([A-Z]{1,2})[ -]*([1-9][0-9]{0,3})([EH])?")
_JOINED = re.compile(r"([A-ZÄÖÜ]{2,5})[ -]*([1-9][0-9]{0,3})([EH])?")
_LETTERLESS = re.compile(r"([A-ZÄÖÜ]{1,3})[ -]+([0-9]{1,6}|[0-9]{1,3}[ -][0-9]{1,4})([EH])?")
_MONTH = r"(0?[1-9]|1[0-2])"
_SEASON = re.compile(rf"(.*?[EH0-9])(?: | ?[(\[] ?){_MONTH} ?[-/] ?{_MONTH} ?[)\]]?")


class UnableToReadPlate(ValueError):
    """The text is no German number plate; the sentence says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A number plate. `suffix` is E (electric), H (historic) or empty; `season` first and last month.

    Authorities, dealers (06) and short-term plates (03, 04) have digits alone, so no `letters`.
    """

    district: str
    letters: str
    digits: str
    suffix: str = ""
    season: tuple[int, int] | None = None

    @property
    def key(self) -> str:
        """What a vehicle is found by: suffix and season change, and people leave them out."""
        return f"{self.district}-{self.letters} {self.digits}".replace("- ", "-")

    def __str__(self) -> str:
        shown = f"{self.key}{self.suffix}"
        if self.season is None:
            return shown
        return f"{shown} ({self.season[0]:02d}–{self.season[1]:02d})"


def read_plate(text: str, *, districts: Collection[str]) -> Plate:
    """Return the plate somebody typed, in whatever way; raise UnableToReadPlate otherwise.

    Without a gap between district and letters it is read only where one reading is possible.
    """
    typed = " ".join(text.upper().replace("·", " ").replace("–", "-").split())
    typed, season = _without_season(typed)
    plate = _parted(typed)
    if plate is not None:
        if plate.district not in districts:
            raise UnableToReadPlate(
                "There is no such registration district: check the letters before the gap."
            )
        return _checked(replace(plate, season=season))
    joined = _JOINED.fullmatch(typed)
    if joined is None:
        raise UnableToReadPlate(
            "This is no German number plate: write it as HH-AB 123, with E or H at the end where it has one."
        )
    return _checked(_only(_readings(*joined.groups(default=""), districts=districts), season))


def _without_season(typed: str) -> tuple[str, tuple[int, int] | None]:
    found = _SEASON.fullmatch(typed)
    if found is None:
        return typed, None
    first, last = int(found[2]), int(found[3])
    if first == last:
        raise UnableToReadPlate("A season has at least two months: check the months on the plate.")
    return found[1], (first, last)


def _parted(typed: str) -> Plate | None:
    """Return the plate whose district is set apart by a gap, None where none is."""
    found = _PARTED.fullmatch(typed)
    if found:
        district, letters, digits, suffix = found.groups(default="")
        return Plate(district=district, letters=letters, digits=digits, suffix=suffix)
    found = _LETTERLESS.fullmatch(typed)
    if found:
        district, digits, suffix = found.groups(default="")
        plain = re.sub(r"[ -]", "", digits)
        return Plate(district=district, letters="", digits=plain, suffix=suffix)
    return None


def _readings(
    signs: str, digits: str, suffix: str, *, districts: Collection[str]
) -> Iterator[Plate]:
    for length in range(1, min(_DISTRICT_LETTERS, len(signs) - 1) + 1):
        district, letters = signs[:length], signs[length:]
        if district in districts and re.fullmatch(r"[A-Z]{1,2}", letters):
            yield Plate(district=district, letters=letters, digits=digits, suffix=suffix)


def _only(readings: Iterator[Plate], season: tuple[int, int] | None) -> Plate:
    found = list(readings)
    if not found:
        raise UnableToReadPlate(
            "No registration district begins like that: check the first letters of the plate."
        )
    if len(found) > 1:
        raise UnableToReadPlate(
            "This can be read in more than one way: write a hyphen after the district, as in B-AB 1."
        )
    return replace(found[0], season=season)


def _checked(plate: Plate) -> Plate:
    signs = len(plate.district) + len(plate.letters) + len(plate.digits) + len(plate.suffix)
    if signs > _MOST_SIGNS:
        raise UnableToReadPlate(
            "A number plate has at most eight signs: check letters and digits again."
        )
    return plate
