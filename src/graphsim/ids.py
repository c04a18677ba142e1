"""Identifiers in Meta's manner, the same for the same seed."""

import base64
import random


class Ids:
    """Makes message ids, object ids, business-scoped user ids and trace ids."""

    __slots__ = ("_count", "_random", "_salt")

    def __init__(self, *, seed: int | None) -> None:
        self._random = random.Random(seed)  # noqa: S311 -- invented ids, nothing secret
        self._salt = f"{self._random.getrandbits(40):010X}"
        self._count = 0

    def wamid(self, address: str) -> str:
        """A message id that carries the address, as Meta's do."""
        self._count += 1
        raw = f"\x1d\x18\x0c{address}\x15\x02\x00\x11\x18{self._salt}{self._count:010X}\x00"
        return "wamid." + base64.b64encode(raw.encode()).decode()

    def number(self) -> str:
        """A 16-digit object id."""
        return str(self._random.randrange(10**15, 10**16))

    def bsuid(self, country: str = "DE") -> str:
        """A business-scoped user id."""
        return f"{country}.{self._random.randrange(10**19, 10**20)}"

    def trace(self) -> str:
        """An fbtrace_id."""
        return "A" + base64.urlsafe_b64encode(self._random.randbytes(16)).decode().rstrip("=")

    def token(self) -> str:
        """A short random word for URLs."""
        return base64.urlsafe_b64encode(self._random.randbytes(18)).decode()

    def qr_code(self) -> str:
        """The 14 characters of a QR link."""
        return "".join(self._random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=14))

    def chance(self) -> float:
        """A number in [0, 1) for faults that strike with a probability."""
        return self._random.random()

    def shuffle[T](self, items: list[T]) -> None:
        """Put the items into a random order."""
        self._random.shuffle(items)
