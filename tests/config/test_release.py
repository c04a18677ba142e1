"""Tests of releases: the same bytes each time, every package in the bill, and no changed file passes."""

import re
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from tests.house import sources
from werkbote.config import release

_LOCKS = sorted((sources.ROOT / "requirements").glob("*.lock"))


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=Anna Muster", "-c", "user.email=anna@autohaus.example"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    place = tmp_path / "checkout"
    (place / "requirements").mkdir(parents=True)
    (place / "pyproject.toml").write_text('[project]\nname = "werkbote"\nversion = "1.2.3"\n')
    lock = (sources.ROOT / "requirements" / "runtime.lock").read_text()
    (place / "requirements" / "runtime.lock").write_text(lock)
    git(place.parent, "init", "-q", str(place))
    git(place, "add", "-A")
    git(place, "commit", "-q", "-m", "Begin")
    return place


def keys(folder: Path, name: str = "key") -> tuple[Path, Path]:
    private = ed25519.Ed25519PrivateKey.generate()
    secret, public = folder / f"{name}.pem", folder / f"{name}.pub"
    secret.touch(mode=0o600)
    secret.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    public.write_bytes(
        private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return secret, public


@pytest.mark.shows("S-30", "R-97")
def test_a_release_is_the_same_each_time_and_verifies(checkout: Path, tmp_path: Path) -> None:
    secret, public = keys(tmp_path)
    first, second = tmp_path / "one", tmp_path / "two"
    names = release.make(first, key=secret, checkout=checkout)
    assert names == release.make(second, key=secret, checkout=checkout)
    assert [(first / one).read_bytes() for one in names] == [
        (second / one).read_bytes() for one in names
    ]
    assert release.verify(first, public=public) == [release.BILL, "werkbote-1.2.3.tar.gz"]
    said = list(release.run([str(first), "--verify", str(public)], checkout=checkout))
    assert said == ["Signed by this key and unchanged: bom.cdx.json, werkbote-1.2.3.tar.gz."]


@pytest.mark.shows("S-30", "R-97")
def test_the_bill_names_every_locked_package_with_its_hashes() -> None:
    lock = (sources.ROOT / "requirements" / "runtime.lock").read_text()
    bill = release.bill_of_materials(lock, "1.2.3")
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    purls = {one["purl"] for one in bill["components"]}
    assert purls == {
        f"pkg:pypi/{name.lower()}@{version}"
        for name, version in re.findall(r"^([\w.-]+)==([^\s\\;]+)", lock, re.MULTILINE)
    }
    assert sum(len(one["hashes"]) for one in bill["components"]) == lock.count("--hash=sha256:")


@pytest.mark.shows("S-30")
@pytest.mark.parametrize("lock", _LOCKS, ids=[one.name for one in _LOCKS])
def test_every_locked_package_has_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    parts = re.split(r"^(?=[\w.-]+(?:\[[\w,-]+\])?==)", text, flags=re.MULTILINE)
    packages = [one for one in parts if "==" in one]
    assert len(packages) > 50
    assert [one.split("\n")[0] for one in packages if "--hash=sha256:" not in one] == []
    assert not re.search(r"https?://|--index|--find-links|file:", text)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "werkbote-1.2.3.tar.gz").write_bytes(b"x"), "was changed"),
        (lambda folder: (folder / release.BILL).write_text("{}"), "was changed"),
        (lambda folder: (folder / release.BILL).unlink(), "cannot be read"),
        (lambda folder: (folder / release.SIGNATURE).unlink(), "cannot be read"),
        (lambda folder: (folder / release.SIGNATURE).write_bytes(b"x" * 64), "not signed"),
        (lambda folder: (folder / release.SUMS).write_text(""), "not signed"),
        (lambda folder: (folder / release.SUMS).unlink(), "cannot be read"),
    ],
    ids=["archive", "bill", "no bill", "no signature", "signature", "empty sums", "no sums"],
)
def test_what_was_changed_does_not_verify(
    checkout: Path, tmp_path: Path, spoil: object, sentence: str
) -> None:
    secret, public = keys(tmp_path)
    folder = tmp_path / "made"
    release.make(folder, key=secret, checkout=checkout)
    spoil(folder)  # type: ignore[operator]
    with pytest.raises(release.UnableToRelease, match=sentence):
        release.verify(folder, public=public)


def test_sums_that_leave_their_folder_do_not_verify(tmp_path: Path) -> None:
    secret, public = keys(tmp_path)
    sums = b"0" * 64 + b"  ../elsewhere\n"
    key = serialization.load_pem_private_key(secret.read_bytes(), password=None)
    assert isinstance(key, ed25519.Ed25519PrivateKey)
    (tmp_path / release.SUMS).write_bytes(sums)
    (tmp_path / release.SIGNATURE).write_bytes(key.sign(sums))
    with pytest.raises(release.UnableToRelease, match="no file of this folder"):
        release.verify(tmp_path, public=public)


def test_another_key_does_not_verify(checkout: Path, tmp_path: Path) -> None:
    secret, _ = keys(tmp_path)
    _, other = keys(tmp_path, "other")
    release.make(tmp_path / "made", key=secret, checkout=checkout)
    with pytest.raises(release.UnableToRelease, match="not signed by this key"):
        release.verify(tmp_path / "made", public=other)


def test_nothing_is_made_from_what_is_not_committed(checkout: Path, tmp_path: Path) -> None:
    secret, _ = keys(tmp_path)
    (checkout / "new.txt").write_text("x")
    with pytest.raises(release.UnableToRelease, match="not committed"):
        release.make(tmp_path / "made", key=secret, checkout=checkout)
    assert not (tmp_path / "made").exists()


def test_a_folder_with_something_in_it_stays_as_it_is(checkout: Path, tmp_path: Path) -> None:
    secret, _ = keys(tmp_path)
    with pytest.raises(release.UnableToRelease, match="not empty"):
        release.make(tmp_path, key=secret, checkout=checkout)


def test_a_folder_that_is_no_checkout_gives_none(tmp_path: Path) -> None:
    secret, _ = keys(tmp_path)
    (tmp_path / "none").mkdir()
    with pytest.raises(release.UnableToRelease, match="no git checkout"):
        release.make(tmp_path / "made", key=secret, checkout=tmp_path / "none")


@pytest.mark.parametrize("kind", ["absent", "open", "nonsense", "rsa"])
def test_keys_that_do_not_serve_are_refused(checkout: Path, tmp_path: Path, kind: str) -> None:
    secret, _ = keys(tmp_path)
    if kind == "absent":
        secret.unlink()
    elif kind == "open":
        secret.chmod(0o644)
    elif kind == "nonsense":
        secret.write_text("nonsense")
    else:
        other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        secret.write_bytes(
            other.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    with pytest.raises(release.UnableToRelease):
        release.make(tmp_path / "made", key=secret, checkout=checkout)
    assert not (tmp_path / "made").exists()
