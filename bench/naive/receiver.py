"""FastAPI and SQLAlchemy under uvicorn: verify, parse, one row and one commit per message, answer."""

import hashlib
import hmac
import os
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from sqlalchemy import BigInteger, String, Text, UniqueConstraint
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_SECRET = os.environ["BENCH_SECRET"].encode()
_ENGINE = create_async_engine(os.environ["BENCH_DATABASE"], pool_size=20, max_overflow=10)
_SESSION = async_sessionmaker(_ENGINE, expire_on_commit=False)

app = FastAPI()


class Base(DeclarativeBase):
    """All tables of the baseline."""


class Message(Base):
    """One message in clear text."""

    __tablename__ = "naive_message"
    __table_args__ = (UniqueConstraint("provider_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(255))
    phone: Mapped[str] = mapped_column(String(32), index=True)
    name: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)


@app.on_event("startup")
async def create() -> None:
    """Create the table."""
    async with _ENGINE.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


@app.post("/webhook")
async def webhook(request: Request) -> dict[str, str]:
    """Store every message of a signed body."""
    body = await request.body()
    claimed = request.headers.get("X-Hub-Signature-256", "")
    expected = "sha256=" + hmac.new(_SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, claimed):
        raise HTTPException(status_code=401)
    payload: dict[str, Any] = await request.json()
    for entry in payload["entry"]:
        for change in entry["changes"]:
            await _store(change["value"])
    return {"status": "ok"}


async def _store(value: dict[str, Any]) -> None:
    names = {each["wa_id"]: each["profile"]["name"] for each in value.get("contacts", [])}
    for message in value.get("messages", []):
        async with _SESSION() as session:
            await _add(session, message, names.get(message["from"], ""))


async def _add(session: AsyncSession, message: dict[str, Any], name: str) -> None:
    session.add(
        Message(
            provider_id=message["id"],
            phone=message["from"],
            name=name,
            body=message["text"]["body"],
            at=datetime.fromtimestamp(int(message["timestamp"]), UTC).replace(tzinfo=None),
            received_at=datetime.now(UTC).replace(tzinfo=None),
        )
    )
    await session.commit()
