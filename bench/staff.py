"""A member of the dealer with a session, as pages and streams are asked for."""

from datetime import UTC, datetime

from bench import place

_PASSWORD = "hebebuehne-im-hof"


def session(dealer: place.Dealer, number: int = 0) -> str:
    """Return the session key of a new service adviser, who works at the dealer's branch alone."""
    from django.contrib.sessions.backends.db import (  # noqa: PLC0415 -- models exist only after setup
        SessionStore,
    )
    from django.http import HttpRequest  # noqa: PLC0415 -- the same

    from werkbote.actions import team  # noqa: PLC0415 -- the same
    from werkbote.domain import team as roles  # noqa: PLC0415 -- the same
    from werkbote.reads import team as policies  # noqa: PLC0415 -- the same
    from werkbote.web import sessions  # noqa: PLC0415 -- the same

    now, email = datetime.now(UTC), f"adviser{number}@autohaus.example"
    organisation = dealer.organisation
    member = team.create_member(
        organisation=organisation,
        email=email,
        name="Anna Muster",
        password=_PASSWORD,
        role=roles.Role.AGENT,
        language="de",
        branches=[dealer.branch],
        by="system",
        at=now,
    )
    version = policies.policy_version(day=now.date())
    team.acknowledge(organisation=organisation, version=version, by=member, at=now)
    request = HttpRequest()
    request.session = SessionStore()
    who = team.sign_in(email=email, password=_PASSWORD, address=place.HOST, at=now)
    sessions.begin(request, who, strong=True, at=now)
    request.session.save()
    return str(request.session.session_key)
