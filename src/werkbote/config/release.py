"""`werkbote release`: archive, bill of materials, sums and signature of a release, and their verification.

The archive is the same byte for byte whoever makes it from the same commit. The bill of materials is
CycloneDX 1.6, made from the locked packages. The sums are signed with Ed25519 (RFC 8032).
"""

import argparse
import gzip
import hashlib
import io
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

SUMS, SIGNATURE, BILL = "SHA256SUMS", "SHA256SUMS.sig", "bom.cdx.json"

_PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_OTHERS_MAY = 0o077


class UnableToRelease(Exception):
    """The release cannot be made or is not what it claims; the sentence says why."""


def run(words: list[str], *, checkout: Path) -> Iterator[str]:
    """Make or verify a release as the command's words say; yield what was done."""
    parser = argparse.ArgumentParser(prog="werkbote release", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the release lies or shall lie")
    parser.add_argument("--key", type=Path, help="make it: the private key (PEM, Ed25519)")
    parser.add_argument("--verify", type=Path, help="verify it: the public key (PEM, Ed25519)")
    given = parser.parse_args(words)
    if (given.key is None) == (given.verify is None):
        parser.error("name either --key or --verify")
    if given.verify is not None:
        names = verify(given.folder, public=given.verify)
        yield f"Signed by this key and unchanged: {', '.join(names)}."
        return
    for name in make(given.folder, key=given.key, checkout=checkout):
        yield f"{given.folder / name}"


def make(folder: Path, *, key: Path, checkout: Path) -> list[str]:
    """Write the files of a release into an empty folder; return their names. Raises UnableToRelease."""
    private = _private(key)
    if folder.exists() and any(folder.iterdir()):
        raise UnableToRelease(f"{folder} is not empty: name a new folder.")
    if _git(checkout, "status", "--porcelain").strip():
        raise UnableToRelease("The checkout has changes that are not committed: commit them first.")
    version = tomllib.loads((checkout / "pyproject.toml").read_text())["project"]["version"]
    name = f"werkbote-{version}"
    tar = _git(checkout, "archive", "--format=tar", f"--prefix={name}/", "HEAD")
    bill = bill_of_materials((checkout / "requirements" / "runtime.lock").read_text(), version)
    files = {
        f"{name}.tar.gz": _packed(tar),
        BILL: json.dumps(bill, indent=1, sort_keys=True).encode() + b"\n",
    }
    sums = "".join(f"{hashlib.sha256(files[one]).hexdigest()}  {one}\n" for one in sorted(files))
    files[SUMS] = sums.encode()
    files[SIGNATURE] = private.sign(files[SUMS])
    folder.mkdir(parents=True, exist_ok=True)
    for one, content in files.items():
        (folder / one).write_bytes(content)
    return sorted(files)


def verify(folder: Path, *, public: Path) -> list[str]:
    """Return the names of the files that are signed and unchanged; raise UnableToRelease for any other."""
    sums = _read(folder / SUMS)
    try:
        _public(public).verify(_read(folder / SIGNATURE), sums)
    except InvalidSignature:
        raise UnableToRelease(
            "The sums are not signed by this key: do not install this release."
        ) from None
    names = []
    for line in sums.decode().splitlines():
        wanted, _, name = line.partition("  ")
        if Path(name).name != name:
            raise UnableToRelease(f"{name} is no file of this folder.")
        if hashlib.sha256(_read(folder / name)).hexdigest() != wanted:
            raise UnableToRelease(f"{name} was changed: do not install this release.")
        names.append(name)
    if not names:
        raise UnableToRelease("The sums name no file.")
    return names


def bill_of_materials(lock: str, version: str) -> dict[str, Any]:
    """Return the locked packages as CycloneDX 1.6: name, version, purl and the hashes of their files."""
    components: list[dict[str, Any]] = []
    for line in lock.splitlines():
        found = _PACKAGE.match(line)
        if found:
            name, number = found.group(1).lower(), found.group(2)
            components.append(
                {
                    "type": "library",
                    "name": name,
                    "version": number,
                    "purl": f"pkg:pypi/{name}@{number}",
                    "bom-ref": f"pkg:pypi/{name}@{number}",
                    "hashes": [],
                }
            )
        for digest in _HASH.findall(line):
            components[-1]["hashes"].append({"alg": "SHA-256", "content": digest})
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "werkbote", "version": version}},
        "components": components,
    }


def _packed(tar: bytes) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, filename="") as stream:
        stream.write(tar)
    return packed.getvalue()


def _git(checkout: Path, *words: str) -> bytes:
    command = ["git", "-C", str(checkout), *words]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise UnableToRelease(f"{checkout} is no git checkout from which a release can be made.")
    return done.stdout


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnableToRelease(f"{path} cannot be read ({error.strerror}).") from None


def _private(path: Path) -> ed25519.Ed25519PrivateKey:
    content = _read(path)
    if path.stat().st_mode & _OTHERS_MAY:
        raise UnableToRelease(f"Others may read {path}: chmod 600.")
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise UnableToRelease(f"{path} holds no private Ed25519 key.")
    return key


def _public(path: Path) -> ed25519.Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(_read(path))
    except ValueError:
        key = None
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise UnableToRelease(f"{path} holds no public Ed25519 key.")
    return key
