"""What runs together on one box: the parts of a demo and of an installation, in their order."""

import contextlib
import dataclasses
import functools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from werkbote.config import cluster, database, demo_script, env, processes, sandbox
from werkbote.config import demo as demonstration

_SCHEMA = "werkbote.config.schema"
_DEMO = ("-m", "werkbote.config.demo")
_TALK = ("-m", "werkbote.config.demo_talk")
_TALKING = "\n\n  Forty talks of the last days are being played now; they appear in the inbox within a minute."
_BACKUP = ("-m", "werkbote.config.backup")
_OPENING = ("-m", "werkbote.config.opening")
_AS_OWNER = frozenset({_SCHEMA, _OPENING[1]})


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def surroundings(environment: env.Environment, **changes: str) -> dict[str, str]:
    """Return the environment of our programs: this process's, with the ports that were chosen."""
    return env.surroundings(
        DJANGO_SETTINGS_MODULE="werkbote.config.settings",
        WERKBOTE_HOME=str(environment.home),
        WERKBOTE_PORT=str(environment.port),
        WERKBOTE_SANDBOX_PORT=str(environment.sandbox_port),
        WERKBOTE_PUBLIC_URL=environment.public_url,
        WERKBOTE_MAIL_URL=environment.mail_url,
        WERKBOTE_HOUSE=environment.house,
        WERKBOTE_SECURITY_CONTACT=environment.security_contact,
        WERKBOTE_CLAMAV=environment.clamav,
        WERKBOTE_SECOND_FACTOR=environment.second_factor,
        WERKBOTE_GRAPH_URL=environment.graph_url,
        **changes,
    )


def web(environment: env.Environment, which: int = 1) -> processes.Part:
    """Return a web server; those after the first share its port."""
    host, port = environment.host, environment.port
    return processes.program(
        "web" if which == 1 else f"web {which}",
        web_words(host, port, shared=environment.web_processes > 1),
        surroundings=surroundings(environment),
        ready=lambda: processes.speaks_http(host, port, "/healthz"),
    )


def web_words(host: str, port: int, *, shared: bool = False) -> list[str]:
    """Return how a web server is started."""
    address = ["--host", host, "--port", str(port)]
    return ["-m", "werkbote.config.serving", *address, *(["--shared"] if shared else [])]


def _webs(environment: env.Environment) -> list[Callable[[env.Environment], processes.Part]]:
    numbers = range(1, environment.web_processes + 1)
    return [functools.partial(web, which=number) for number in numbers]


def worker(environment: env.Environment) -> processes.Part:
    """Return the worker."""
    return processes.program(
        "worker", worker_words(environment), surroundings=surroundings(environment)
    )


def worker_words(environment: env.Environment) -> list[str]:
    """Return how a worker is started."""
    return ["-m", "werkbote.worker", "--concurrency", str(environment.worker_concurrency)]


def simulator(environment: env.Environment) -> processes.Part:
    """Return the simulator, told of the demonstration's number after every start."""
    around = surroundings(environment)
    part = processes.program(
        "simulator",
        [*sandbox.words(environment), *_begin(environment)],
        surroundings=around,
        ready=lambda: processes.speaks_http(sandbox.HOST, environment.sandbox_port, "/healthz"),
    )

    def tell() -> None:
        words = [sys.executable, "-P", *_DEMO, "introduce"]
        subprocess.run(words, env=around, check=False, start_new_session=True)

    return dataclasses.replace(part, tell=tell)


def _begin(environment: env.Environment) -> list[str]:
    """Return what the simulator remembers and how long ago it begins: where talks are to be played, days."""
    memory = ["--memory", str(environment.home / "simulator.memory")]
    if not demonstration.wants_talk(environment):
        return memory
    return [*memory, "--clock-behind", str(int(demo_script.BEHIND.total_seconds()))]


@contextmanager
def database_of(environment: env.Environment) -> Iterator[None]:
    """Have the database running: the embedded one is started if need be, a given one is trusted."""
    if not environment.embedded:
        yield
        return
    with database.running(environment.home, durable=environment.fsync):
        yield


def prepare(environment: env.Environment, *options: str) -> None:
    """Migrate in a process of its own; raise UnableToRun when it refuses."""
    done = subprocess.run(
        [sys.executable, "-P", *_prepare_words(options)],
        env=surroundings(environment, WERKBOTE_DATABASE_ROLE="owner"),
        check=False,
    )
    if done.returncode:
        raise processes.UnableToRun("The database was not prepared: the reason stands above.")


def check_keys(environment: env.Environment) -> None:
    """Raise UnableToRun when the keys cannot be read, before anything is made or started."""
    from werkbote.config import login  # noqa: PLC0415 -- slow import
    from werkbote.store import vault  # noqa: PLC0415 -- slow import

    try:
        login.installation(environment)
    except vault.UnableToLoadKeys as error:
        raise processes.UnableToRun(str(error)) from None


def check_open(environment: env.Environment) -> None:
    """Raise UnableToRun when this database must not be opened yet."""
    done = subprocess.run(
        [sys.executable, "-P", *_OPENING, "--tables"],
        env=surroundings(environment, WERKBOTE_DATABASE_ROLE="owner"),
        check=False,
    )
    if done.returncode:
        raise processes.UnableToRun("The worker was not started: the reason stands above.")


def _prepare_words(options: Sequence[str]) -> list[str]:
    return ["-m", _SCHEMA, *options]


@contextmanager
def _group(environment: env.Environment) -> Iterator[processes.Group]:
    """Yield a group that holds this home alone, with its database; stop all of it at the end."""

    def note(pids: Mapping[str, int]) -> None:
        addresses = {"web": environment.public_url, "sandbox_port": environment.sandbox_port}
        processes.write_run(environment.home, {**addresses, "processes": pids})

    with processes.alone(environment.home):
        group = processes.Group(say=_say, note=note)
        group.listen()
        try:
            yield group
        except processes.Stopped:
            _say("Stopped while starting.")
        finally:
            group.stop()


@contextmanager
def _hosting(environment: env.Environment, group: processes.Group) -> Iterator[None]:
    """Run the embedded database as the group's first part, holding its lock."""
    if not environment.embedded:
        yield
        return
    where = cluster.locate(environment.home)
    if not where.place.is_relative_to(environment.home.resolve()):
        _say(f"  The database lives in {where.place}: its account cannot reach {environment.home}.")
    with database.lock_file(environment.home) as lock:
        if not database.try_lock(lock):
            raise processes.UnableToRun(
                "Another Werkbote command is using the database: wait for it, then start again."
            )
        group.add(processes.embedded_database(where, durable=environment.fsync))
        yield


def _run(
    environment: env.Environment,
    parts: Sequence[Callable[[env.Environment], processes.Part]],
    *,
    steps: Sequence[Sequence[str]],
    greet: Callable[[], None],
    afterwards: Callable[[processes.Group], None] = lambda _group: None,
) -> int:
    with _group(environment) as group, _hosting(environment, group):
        for step in steps:
            role = "owner" if step[1] in _AS_OWNER else "application"
            group.step(step, surroundings=surroundings(environment, WERKBOTE_DATABASE_ROLE=role))
        group.add(*(part(environment) for part in parts))
        greet()
        afterwards(group)
        group.watch()
        _say("Stopping …")
    return 0


def serve(environment: env.Environment) -> int:
    """Run an installation until it is asked to stop; return the exit code."""
    processes.check_port(environment.host, environment.port, variable="WERKBOTE_PORT")
    check_keys(environment)
    return _run(
        environment,
        [*_webs(environment), worker],
        steps=[_prepare_words([]), _OPENING],
        greet=lambda: _say(f"Werkbote is ready: {environment.public_url}"),
    )


def demo(environment: env.Environment) -> int:
    """Run the demonstration until it is asked to stop; return the exit code."""
    with (
        processes.reserved(environment.host, environment.port) as port,
        processes.reserved(sandbox.HOST, environment.sandbox_port) as sandbox_port,
        processes.reserved(sandbox.HOST, sandbox_port + 1) as mail_port,
    ):
        chosen = dataclasses.replace(
            environment,
            port=port,
            sandbox_port=sandbox_port,
            mail_url=f"smtp://{sandbox.HOST}:{mail_port}",
            public_url=f"http://127.0.0.1:{port}",
            graph_url=f"http://{sandbox.HOST}:{sandbox_port}",
            second_factor="optional",
        )
        talks = demonstration.wants_talk(chosen)

        def play(group: processes.Group) -> None:
            if talks:
                group.meanwhile(_TALK, surroundings=surroundings(chosen))
                group.add(worker(chosen))

        return _run(
            chosen,
            [
                simulator,
                lambda around: web(demonstration.housed(around)),
                *([] if talks else [worker]),
            ],
            steps=[
                _prepare_words(["--new-installation"]),
                _OPENING,
                *([] if demonstration.is_complete(chosen) else [[*_DEMO, "furnish"]]),
            ],
            greet=lambda: _say(_greeting(chosen) + (_TALKING if talks else "")),
            afterwards=play,
        )


def _greeting(environment: env.Environment) -> str:
    known = demonstration.read(environment)
    return f"""
  Werkbote      {environment.public_url}
  Login         {known["email"]}  /  {known["password"]}
  Others        {known["marek_email"]} (Service), {known["mia_email"]} (Marketing), {known["ingo_email"]} (IT)
  Phones        {sandbox.address(environment)}/phones
  Mailbox       {sandbox.address(environment)}/mail
  For everyone  {environment.public_url}/ratgeber/

  Stop with Ctrl-C. All of it is invented; remove {environment.home} to forget it."""


def found(environment: env.Environment, answers: Mapping[str, Any]) -> int:
    """Make keys, database and organisation of a new installation; return the exit code."""
    with processes.alone(environment.home), database_of(environment):
        prepare(environment, "--new-installation")
        return subprocess.run(
            [sys.executable, "-P", "-m", "werkbote.config.installation"],
            input=json.dumps(answers),
            env=surroundings(environment),
            text=True,
            check=False,
        ).returncode


def keys(environment: env.Environment, words: Sequence[str]) -> int:
    """Renew keys in a process of its own, with the database; return the exit code."""
    command = [sys.executable, "-P", "-m", "werkbote.config.keys", *words]
    with database_of(environment):
        return subprocess.run(command, env=surroundings(environment), check=False).returncode


def care(environment: env.Environment, words: Sequence[str], *, stopped: bool) -> int:
    """Back up, restore or drill in a process of its own, with the database; return the exit code.

    `stopped` holds the home alone: nothing of this installation may run meanwhile.
    """
    holding = processes.alone(environment.home) if stopped else contextlib.nullcontext()
    command = [sys.executable, "-P", *_BACKUP, *words]
    with holding, database_of(environment):
        return subprocess.run(command, env=surroundings(environment), check=False).returncode


def examine(environment: env.Environment, words: Sequence[str]) -> int:
    """Let the doctor look, with the embedded database running; return the exit code."""
    doctor = [sys.executable, "-P", "-m", "werkbote.config.doctor", *words]
    if environment.embedded and cluster.record(environment.home) is None:
        return subprocess.run(doctor, env=surroundings(environment), check=False).returncode
    with database_of(environment):
        return subprocess.run(doctor, env=surroundings(environment), check=False).returncode
