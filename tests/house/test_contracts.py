"""The building's rules that no type checker and no linter holds."""

import ast
import inspect
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from tests.house import sources
from werkbote.store import queue

_EDGES = ("web", "worker", "config")
_CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "timezone.now",
    "time.time",
    "time.time_ns",
}
_MOST_LINES = 400
_MOST_FUNCTION_LINES = 60
_NAMELESS = {"utils", "common", "helpers", "misc", "base"}


def floor(path: Path) -> str:
    return path.relative_to(sources.SOURCE / "werkbote").parts[0]


def test_the_contracts_between_floors_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=sources.ROOT,
        env={"PYTHONPATH": str(sources.SOURCE), "PATH": "", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_only_the_policy_makes_a_permit() -> None:
    makers = {
        sources.name(path)
        for path in sources.modules()
        for call in sources.calls(sources.parsed(path))
        if call == "Permit" or call.endswith(".Permit")
    }
    assert len(makers) == 1
    assert {maker.startswith("src/werkbote/domain/policy") for maker in makers} == {True}


def test_every_job_name_is_bound_to_one_task_and_every_task_has_a_name() -> None:
    bound = [
        ast.unparse(keyword.value)
        for path in sources.modules(sources.SOURCE / "werkbote")
        for function in sources.functions(sources.parsed(path))
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "app.task"
        for keyword in decorator.keywords
        if keyword.arg == "name"
    ]
    assert sorted(bound) == sorted(f"Job.{job.name}" for job in queue.Job)


def test_a_job_can_carry_nothing_but_ids() -> None:
    parameters = inspect.signature(queue.enqueue).parameters
    assert {name: parameter.annotation for name, parameter in parameters.items()} == {
        "job": queue.Job,
        "organisation": int,
        "object_id": int,
        "delay": timedelta | None,
    }


def test_only_the_queue_and_the_worker_know_the_job_system() -> None:
    knowing = {
        sources.name(path)
        for path in sources.modules(sources.SOURCE / "werkbote")
        if floor(path) != "worker"
        for node in ast.walk(sources.parsed(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("procrastinate")
    }
    assert knowing == {"src/werkbote/store/queue.py"}


def test_only_edges_ask_the_clock() -> None:
    asking = {
        sources.name(path)
        for path in sources.modules(sources.SOURCE / "werkbote")
        if floor(path) not in (*_EDGES, "cli.py")
        for call in sources.calls(sources.parsed(path))
        if call in _CLOCKS
    }
    assert asking == {"src/werkbote/store/ids.py"}


def test_files_begin_with_one_sentence() -> None:
    silent = [
        sources.name(path)
        for path in sources.modules()
        if not (ast.get_docstring(sources.parsed(path)) or "").split("\n")[0].endswith((".", "?"))
    ]
    assert silent == []


def test_files_are_short() -> None:
    long = [
        sources.name(path)
        for path in sources.modules()
        if len(path.read_text().splitlines()) > _MOST_LINES
    ]
    assert long == []


def test_functions_are_short() -> None:
    long = [
        f"{sources.name(path)}: {one.name}"
        for path in sources.modules()
        for one in sources.functions(sources.parsed(path))
        if (one.end_lineno or one.lineno) - one.lineno + 1 > _MOST_FUNCTION_LINES
    ]
    assert long == []


def test_files_are_named_for_their_thing() -> None:
    nameless = [
        sources.name(path)
        for path in sources.modules()
        if {path.stem, path.parent.name} & _NAMELESS
    ]
    assert nameless == []


def test_no_import_hides_in_a_function_without_its_reason() -> None:
    hidden = []
    for path in sources.modules():
        lines = path.read_text().splitlines()
        hidden += [
            f"{sources.name(path)}: {lines[node.lineno - 1].strip()}"
            for one in sources.functions(sources.parsed(path))
            for node in ast.walk(one)
            if isinstance(node, ast.Import | ast.ImportFrom)
            and "# noqa: PLC0415 -- " not in lines[node.lineno - 1]
        ]
    assert hidden == []


def test_no_signals_send_anything() -> None:
    listening = {
        sources.name(path)
        for path in sources.modules(sources.SOURCE / "werkbote")
        for call in sources.calls(sources.parsed(path))
        if call in {"receiver", "dispatch.receiver"} or call.endswith(("post_save.connect",))
    }
    assert listening == set()
