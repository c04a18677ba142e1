"""A test that is a coroutine runs to its end in an event loop of its own, and leaves no session."""

import asyncio
import inspect

import pytest

from werkbote.channels import sessions


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.function):
        return None
    wanted = inspect.signature(pyfuncitem.function).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}

    async def run() -> None:
        try:
            await pyfuncitem.function(**arguments)
        finally:
            await sessions.close()

    asyncio.run(run())
    return True
