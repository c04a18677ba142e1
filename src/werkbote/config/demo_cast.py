"""The cast of the demonstration: branches, numbers, members and customers, all of them invented."""

from dataclasses import dataclass

from werkbote.domain import team as roles

_PHONE = "+493023125100"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number of the dealership; `prefix` stands before its secrets in the file."""

    prefix: str
    place: str
    number: str
    account: str
    phone: str
    label: str
    registered: bool = True


NUMBERS = (
    Number(
        prefix="",
        place="branch",
        number="100000000000001",
        account="200000000000001",
        phone=_PHONE,
        label="Werkstatt Mitte",
    ),
    Number(
        prefix="south_",
        place="south",
        number="100000000000002",
        account="200000000000002",
        phone="+498999998200",
        label="Werkstatt Süd",
    ),
    Number(
        prefix="parts_",
        place="south",
        number="100000000000003",
        account="200000000000003",
        phone="+498999998217",
        label="Teile und Zubehör",
        registered=False,
    ),
)
"""The last one waits for its steps: so the setting up can be tried."""

TEAM = (
    ("marek", "Marek Muster", roles.Role.AGENT, ("branch", "south")),
    ("lena", "Lena Probe", roles.Role.AGENT, ("branch",)),
    ("vroni", "Vroni Exempel", roles.Role.AGENT, ("south",)),
    ("mia", "Mia Beispiel", roles.Role.MARKETING, ("branch", "south")),
    ("ingo", "Ingo Muster", roles.Role.IT, ("branch", "south")),
)
CUSTOMERS = (
    ("petra", {"name": "Petra Beispiel", "phone": "+4915228817386"}),
    ("jonas", {"name": "Jonas Muster", "phone": "+4915228895456"}),
    ("samira", {"name": "Samira Probe", "phone": "+491713920017"}),
)


BERLIN = {
    "branch": "Werkstatt Mitte",
    "state_code": "BE",
    "street": "Beispielstraße 1",
    "place": "10115 Berlin",
    "phone": _PHONE,
}
MUNICH = {
    "branch": "Werkstatt Süd",
    "state_code": "BY",
    "street": "Musterweg 7",
    "place": "80331 München",
    "phone": "+498999998200",
}
