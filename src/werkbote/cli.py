"""The command line: one word, one deed, each thin; what it does stands in config, actions and reads."""

import argparse
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from werkbote.config import (
    check_command,
    cluster,
    database,
    env,
    group,
    installation,
    processes,
    release,
    requirements,
    sandbox,
)

_EXIT_REFUSED = 1
_EXIT_CONFIGURATION = 78
_CHECKOUT = Path(__file__).resolve().parents[2]

_TELLING = (
    cluster.UnableToPlace,
    database.UnableToRunDatabase,
    processes.UnableToRun,
    installation.UnableToFound,
    check_command.UnableToCheck,
    release.UnableToRelease,
    requirements.UnableToTrace,
)


def _demo(environment: env.Environment, _rest: list[str]) -> int:
    return group.demo(environment)


def _serve(environment: env.Environment, _rest: list[str]) -> int:
    return group.serve(environment)


def _migrate(environment: env.Environment, _rest: list[str]) -> int:
    with group.database_of(environment):
        group.prepare(environment)
    print("The database is up to date.")
    return 0


def _init(environment: env.Environment, rest: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="werkbote init")
    parser.add_argument("--answers", type=Path, help="JSON file instead of questions (mode 0600)")
    given = parser.parse_args(rest)
    if given.answers is None and not sys.stdin.isatty():
        parser.error("nobody is there to answer: use --answers FILE.")
    answers = installation.ask() if given.answers is None else installation.read(given.answers)
    installation.check(answers)
    return group.found(environment, answers)


def _doctor(environment: env.Environment, rest: list[str]) -> int:
    return group.examine(environment, rest)


def _worker(environment: env.Environment, _rest: list[str]) -> int:
    group.check_keys(environment)
    with group.database_of(environment):
        group.check_open(environment)
        return _follow(group.worker_words(environment), group.surroundings(environment))


def _verify(environment: env.Environment, _rest: list[str]) -> int:
    with group.database_of(environment):
        return _follow(["-m", "werkbote.config.verify"], group.surroundings(environment))


def _outside(environment: env.Environment, rest: list[str]) -> int:
    with group.database_of(environment):
        return _follow(["-m", "werkbote.config.outside", *rest], group.surroundings(environment))


def _backup(environment: env.Environment, rest: list[str]) -> int:
    return group.care(environment, ["backup", *rest], stopped=False)


def _restore(environment: env.Environment, rest: list[str]) -> int:
    return group.care(environment, ["restore", *rest], stopped="--list" not in rest)


def _drill(environment: env.Environment, rest: list[str]) -> int:
    return group.care(environment, ["drill", *rest], stopped=False)


def _keys(environment: env.Environment, rest: list[str]) -> int:
    return group.keys(environment, rest)


def _sandbox(environment: env.Environment, rest: list[str]) -> int:
    return _follow([*sandbox.words(environment), *rest], group.surroundings(environment))


def _check(_environment: env.Environment, rest: list[str]) -> int:
    wish = check_command.understand(rest)
    for line in check_command.run(wish, at=datetime.now(UTC)):
        print(line)
    return 0


def _requirements(_environment: env.Environment, rest: list[str]) -> int:
    today = datetime.now(UTC).date()
    for line in requirements.run(rest, checkout=_CHECKOUT, day=today):
        print(line)
    return 0


def _release(_environment: env.Environment, rest: list[str]) -> int:
    for line in release.run(rest, checkout=_CHECKOUT):
        print(line)
    return 0


def _person_schema(environment: env.Environment, rest: list[str]) -> int:
    return _follow(["-m", "werkbote.config.person_schema", *rest], group.surroundings(environment))


def _bench(environment: env.Environment, rest: list[str]) -> int:
    os.chdir(_CHECKOUT)
    return _follow(["-m", "bench", *rest], group.surroundings(environment))


def _follow(words: list[str], surroundings: Mapping[str, str]) -> int:
    """Run one of our programs in the foreground; it gets our signals and its code is ours."""
    child = subprocess.Popen([sys.executable, *words], env=dict(surroundings))  # noqa: S603 -- ours
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: child.send_signal(got))
    return child.wait()


def _test(_environment: env.Environment, rest: list[str]) -> int:
    words = ["-m", "pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", *rest]
    os.chdir(_CHECKOUT)
    return _follow(words, env.surroundings())


_COMMANDS: Mapping[str, tuple[str, Callable[[env.Environment, list[str]], int]]] = {
    "demo": ("start everything with an invented dealership and the simulator", _demo),
    "init": ("found an installation: keys, database, organisation, owner, number", _init),
    "serve": ("start database, web and worker of this installation", _serve),
    "worker": ("run jobs, understand bodies, send messages: on any host", _worker),
    "doctor": ("look at every precondition, with remedies (--json for machines)", _doctor),
    "verify": ("walk the consent and audit chains to the first broken link", _verify),
    "outside": ("list every connection that leaves this installation (--json)", _outside),
    "backup": ("seal database and keys, restore once as proof, put them on the shelf", _backup),
    "restore": ("put a backup in place, with everything erased since erased again", _restore),
    "drill": ("restore into a scratch database, replay, check, report", _drill),
    "keys": ("renew the keys while everything runs (keys rotate)", _keys),
    "check": ("judge a dealer's answers and write the guide (--help for its words)", _check),
    "requirements": ("print which requirement of the law is shown by which test", _requirements),
    "person-schema": ("print or renew the schema of what a person is handed out", _person_schema),
    "release": ("make a signed release with its bill of materials, or verify one", _release),
    "sandbox": ("start only the simulator of Meta's Graph API", _sandbox),
    "migrate": ("bring the database to the state this release needs", _migrate),
    "test": ("run the tests; everything behind it goes to pytest", _test),
    "bench": ("measure; everything behind it goes to the bench", _bench),
}

_ALONE = frozenset({"demo", "serve", "worker", "verify", "migrate"})
"""Commands behind which stands nothing: a word too many is a mistake, not to be passed over."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="werkbote",
        description="WhatsApp for German car dealers and workshops, lawful and provably so.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Settings are WERKBOTE_* variables:\n"
        + "\n".join(f"  {name}\n      {meaning}" for name, meaning in env.VARIABLES.items()),
    )
    words = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (meaning, _) in _COMMANDS.items():
        words.add_parser(name, help=meaning, add_help=False)
    return parser


def main() -> int:
    """Run the command the words name and return the exit code.

    Neither it nor what it starts leaves its memory on disk when it crashes: there are keys and words in it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    known, rest = _parser().parse_known_args()
    if known.command in _ALONE:
        meaning, _ = _COMMANDS[known.command]
        argparse.ArgumentParser(prog=f"werkbote {known.command}", description=meaning).parse_args(
            rest
        )
    try:
        environment = env.read()
    except env.UnableToReadEnvironment as error:
        print(error, file=sys.stderr)
        return _EXIT_CONFIGURATION
    try:
        done = _COMMANDS[known.command][1](environment, rest)
        sys.stdout.flush()
    except BrokenPipeError:
        return _unread()
    except _TELLING as error:
        print(error, file=sys.stderr)
        return _EXIT_REFUSED
    except OSError as error:
        where = error.filename or environment.home
        print(
            f"{where} cannot be used ({error.strerror}): make room and give this user permission "
            "there, then start again.",
            file=sys.stderr,
        )
        return _EXIT_REFUSED
    except KeyboardInterrupt:
        return 130
    return done


def _unread() -> int:
    """End quietly where nobody reads on (`| head`), as programs do that the signal ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + signal.SIGPIPE


if __name__ == "__main__":
    sys.exit(main())
