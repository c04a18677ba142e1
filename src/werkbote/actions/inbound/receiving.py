"""The web process's half: a body is verified, sealed, committed, and only then answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from werkbote.channels import driver, registry
from werkbote.store import ids, intake, keyring, vault

MOST_BODY_BYTES = 4 * 1024 * 1024
"""Meta sends up to 3 MB; the rest is margin."""

_ENDPOINT_AGE = timedelta(seconds=5)
_MOST_ENDPOINTS = 1000

UnableToKeep = intake.UnableToKeep


class UnableToTrust(Exception):
    """The body is not signed with a secret of this address: answer 401, keep nothing."""


class UnableToFind(Exception):
    """There is no number at this webhook address: answer 404."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Endpoint:
    number: int
    keys: vault.OrganisationKeys
    driver: driver.Driver
    secrets: tuple[bytes, ...] = field(repr=False)
    verify_token: str = field(repr=False)


@dataclass(slots=True, kw_only=True)
class Door:
    """One per web process: knows the webhook addresses for seconds, and writes what arrives."""

    writer: intake.Writer
    _known: dict[str, tuple[datetime, _Endpoint | None]] = field(default_factory=dict)

    async def receive(self, *, slug: str, signature: str | None, body: bytes, at: datetime) -> None:
        """Return once the signed body is committed.

        Raises UnableToFind, UnableToTrust (counted), or UnableToKeep: then nothing was kept
        and the provider must come again.
        """
        endpoint = await self._endpoint(slug, at)
        organisation = endpoint.keys.organisation
        if not endpoint.driver.signature_ok(body, signature, endpoint.secrets):
            reason = "wrong" if signature else "missing"
            self.writer.reject(
                organisation=organisation, number=endpoint.number, reason=reason, at=at
            )
            raise UnableToTrust(f"The signature is {reason}.")
        await self.writer.keep(_entry(endpoint, body, at))

    async def challenge(self, *, slug: str, query: Mapping[str, str], at: datetime) -> str | None:
        """Return what the provider's subscription check wants to read, None to refuse it."""
        endpoint = await self._endpoint(slug, at)
        return endpoint.driver.verify_challenge(query, [endpoint.verify_token])

    async def _endpoint(self, slug: str, at: datetime) -> _Endpoint:
        known = self._known.get(slug)
        if known is None or at - known[0] > _ENDPOINT_AGE:
            if len(self._known) >= _MOST_ENDPOINTS:
                self._known.clear()
            row = await self.writer.endpoint(slug)
            known = (at, _open_endpoint(row) if row else None)
            self._known[slug] = known
        if known[1] is None:
            raise UnableToFind("There is no number at this address.")
        return known[1]


_door: Door | None = None


def door() -> Door:
    """Return this process's door; it connects as the application's role."""
    global _door  # noqa: PLW0603 -- one writer per process is the point of group commit
    if _door is None:
        _door = Door(writer=intake.Writer(conninfo=intake.application_conninfo))
    return _door


async def close_door() -> None:
    """Write what still waits and close the connections."""
    global _door  # noqa: PLW0603 -- the other half of door()
    if _door is not None:
        await _door.writer.stop()
        _door = None


def _open_endpoint(row: intake.EndpointRow) -> _Endpoint:
    installation = keyring.installation()

    def unwrap(wrapped: bytes, column: str) -> bytes:
        return installation.unwrap(
            wrapped, organisation=row.organisation, column=column, name=row.key_name
        )

    keys = vault.OrganisationKeys(
        organisation=row.organisation,
        main=vault.Key(unwrap(row.key_wrapped, keyring.KEY_COLUMN)),
        index=unwrap(row.index_wrapped, keyring.INDEX_COLUMN),
    )

    def open_(sealed: bytes, column: str) -> bytes:
        return keys.main.open(sealed, table="number", row=row.number, column=column)

    sealed = zip(row.secrets_sealed, row.secret_columns, strict=True)
    return _Endpoint(
        number=row.number,
        keys=keys,
        driver=registry.driver(row.channel),
        secrets=tuple(open_(value, column) for value, column in sealed),
        verify_token=open_(row.verify_sealed, "verify_token_sealed").decode(),
    )


def _entry(endpoint: _Endpoint, body: bytes, at: datetime) -> intake.Entry:
    row = ids.new()
    return intake.Entry(
        id=row,
        organisation=endpoint.keys.organisation,
        number=endpoint.number,
        digest=endpoint.keys.digest("webhook_event", body),
        body=endpoint.keys.main.seal(body, table="webhook_event", row=row, column="body"),
        received_at=at,
    )
