"""Tests of the typed environment: what is understood, and one sentence with a remedy for the rest."""

from pathlib import Path

import pytest

from werkbote.config import env

URL = "postgresql://me:p%40ss@db.example.de:5433/werkbote?sslmode=verify-full"


def problems(**variables: str) -> list[str]:
    with pytest.raises(env.UnableToReadEnvironment) as caught:
        env.read({f"WERKBOTE_{name}": value for name, value in variables.items()})
    return caught.value.problems


def test_read_with_nothing_set_gives_the_defaults(tmp_path: Path) -> None:
    found = env.read({"WERKBOTE_HOME": str(tmp_path)})

    assert found.owner is None
    assert found.embedded
    assert (found.host, found.port, found.role) == ("127.0.0.1", 8000, "application")
    assert found.public_url == "http://127.0.0.1:8000"
    assert found.key_file == tmp_path / "keys.json"


def test_read_with_a_database_url_takes_it_apart(tmp_path: Path) -> None:
    found = env.read({"WERKBOTE_HOME": str(tmp_path), "WERKBOTE_DATABASE_URL": URL})

    assert not found.embedded
    assert found.owner == env.Login(
        user="me",
        password="p@ss",
        host="db.example.de",
        port="5433",
        name="werkbote",
        options=(("sslmode", "verify-full"),),
    )


def test_login_survives_the_way_through_its_address() -> None:
    login = env.Login(user="a b", password="/?#@:", host="/with space/x", port="", name="d&b")

    assert env.parse_login(login.url()) == login


def test_login_does_not_show_its_password() -> None:
    assert "p@ss" not in repr(env.parse_login(URL))


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"PORT": "0"},
            "WERKBOTE_PORT is “0”: set it to a number from 1 to 65535, or leave it out.",
        ),
        (
            {"CLAMAV": "localhost"},
            (
                "WERKBOTE_CLAMAV is neither host:port nor the path of a socket: set it to "
                "127.0.0.1:3310 or /run/clamav/clamd.ctl, or leave it out."
            ),
        ),
        (
            {"DATABASE_URL": "mysql://a:b@c/d"},
            (
                "WERKBOTE_DATABASE_URL does not begin with postgresql://: set it to "
                "postgresql://user:password@host:5432/name, or leave it out."
            ),
        ),
        (
            {"DATABASE_URL": "postgresql://db.example.de/werkbote"},
            (
                "WERKBOTE_DATABASE_URL names no user, no host or no database: set it to "
                "postgresql://user:password@host:5432/name, or leave it out."
            ),
        ),
        (
            {"DATABASE_URL": "postgresql://a:b@c:port/d"},
            (
                "WERKBOTE_DATABASE_URL is not an address: set it to "
                "postgresql://user:password@host:5432/name, or leave it out."
            ),
        ),
        (
            {"PUBLIC_URL": "werkbote.example.de"},
            (
                "WERKBOTE_PUBLIC_URL is “werkbote.example.de”: set it to an address such as "
                "https://werkbote.example.de, or leave it out."
            ),
        ),
        (
            {"IMPRINT_URL": "autohaus.example/impressum"},
            (
                "WERKBOTE_IMPRINT_URL is “autohaus.example/impressum”: set it to a page such as "
                "https://autohaus.example/impressum, or leave it out."
            ),
        ),
        (
            {"LOG_LEVEL": "loud"},
            (
                "WERKBOTE_LOG_LEVEL is “loud”: set it to one of info, debug, warning, error, "
                "or leave it out."
            ),
        ),
        (
            {"PROT": "8000"},
            "WERKBOTE_PROT is no setting of Werkbote: did you mean WERKBOTE_PORT?",
        ),
        ({"ZZZ": "1"}, "WERKBOTE_ZZZ is no setting of Werkbote: remove it."),
    ],
)
def test_read_with_a_wrong_value_says_what_and_how(
    variables: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    assert problems(HOME=str(tmp_path), **variables) == [sentence]


def test_read_with_many_wrong_values_says_all_at_once(tmp_path: Path) -> None:
    assert len(problems(HOME=str(tmp_path), PORT="x", FSYNC="y", DATABASE_POOL="0", NOPE="1")) == 4


def test_wrong_database_url_never_repeats_its_password(tmp_path: Path) -> None:
    said = problems(HOME=str(tmp_path), DATABASE_URL="postgres://me:geheim@:99999/")

    assert "geheim" not in " ".join(said)


def test_record_readable_for_others_is_refused(tmp_path: Path) -> None:
    record = tmp_path / "database.json"
    record.write_text(
        '{"place": "x", "socket": "y", "administrator_password": "z", "owner_password": "z"}'
    )
    record.chmod(0o644)

    assert problems(HOME=str(tmp_path)) == [
        f"{record} is readable for others: run “chmod 600 {record}”."
    ]


def test_record_damaged_is_refused(tmp_path: Path) -> None:
    record = tmp_path / "database.json"
    record.write_text("{")

    assert problems(HOME=str(tmp_path)) == [
        f"{record} is damaged: put it back from a backup (it holds the database's passwords)."
    ]


def test_every_variable_is_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "how-to" / "configure.md").read_text()

    assert [name for name in env.VARIABLES if f"`{name}`" not in manual] == []
