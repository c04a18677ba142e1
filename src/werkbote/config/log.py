"""Logging as one JSON object per line: time, level, logger, event and ids; never a body or a name.

Exceptions are logged with type and place but without their message, which may quote a row.
"""

import logging
import sys
import traceback
from typing import Any

import structlog

_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
_FRAMES = 12


def configure(*, level: str) -> None:
    """Send the standard library's and structlog's records to stderr as JSON lines."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_request,
        _place_of_exception,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=_type_name),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(_LEVELS[level])
    for noisy in (
        "django.db.backends",
        "procrastinate",
        "asyncio",
        "aiohttp.access",
        "PIL",
        "uvicorn",
    ):
        logging.getLogger(noisy).setLevel(max(_LEVELS[level], logging.WARNING))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _without_request(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Drop what Django hangs on a record: the request holds bodies, cookies and addresses."""
    event.pop("request", None)
    return event


def _place_of_exception(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    found = event.pop("exc_info", None)
    record = event.get("_record")
    if record is not None and record.exc_info:
        found, record.exc_info, record.exc_text = record.exc_info, None, None
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = type(error).__qualname__
        event["at"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        ]
    return event


def _type_name(value: object) -> str:
    return f"<{type(value).__name__}>"
