"""The product's own source files, parsed once."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
FLOORS = ("domain", "store", "channels", "papers", "reads", "actions", "web", "worker", "config")


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def modules(folder: Path = SOURCE) -> list[Path]:
    """Return the Python files below a folder, migrations apart."""
    return sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)


def name(path: Path) -> str:
    """Return a file's name as people say it."""
    return str(path.relative_to(ROOT))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(tree: ast.Module) -> Iterator[str]:
    """Yield the dotted name of everything that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)
