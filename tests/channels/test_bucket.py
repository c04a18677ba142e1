"""The S3 client: its signature is the one Amazon documents, and files come back as they went."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.channels import store as stores
from werkbote.channels import bucket, bucket_signing, shelf

DOCUMENTED = bucket_signing.Access(
    key="AKIAIOSFODNN7EXAMPLE",
    secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    region="us-east-1",
)
THEN = datetime(2013, 5, 24, tzinfo=UTC)


def now() -> datetime:
    return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[stores.Store]:
    with stores.running() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").write_bytes(b"Zahnriemen" * 1000)
    return tmp_path


@pytest.mark.parametrize(
    ("request_", "signature"),
    [
        (
            bucket_signing.Request(
                method="GET",
                host="examplebucket.s3.amazonaws.com",
                path="/test.txt",
                headers={"Range": "bytes=0-9"},
            ),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            bucket_signing.Request(
                method="GET",
                host="examplebucket.s3.amazonaws.com",
                path="/",
                query={"max-keys": "2", "prefix": "J"},
            ),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
        (
            bucket_signing.Request(
                method="PUT",
                host="examplebucket.s3.amazonaws.com",
                path="/test$file.text",
                headers={
                    "Date": "Fri, 24 May 2013 00:00:00 GMT",
                    "x-amz-storage-class": "REDUCED_REDUNDANCY",
                },
                digest="44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            ),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
    ],
    ids=["get", "list", "put"],
)
def test_signature_is_the_documented_one(request_, signature):
    found = bucket_signing.sign(request_, access=DOCUMENTED, at=THEN)
    assert found["authorization"].rpartition("Signature=")[2] == signature


@pytest.mark.parametrize("piece", [bucket.PIECE, 4096], ids=["whole", "in pieces"])
def test_file_comes_back_as_it_went(store, folder, piece):
    place = bucket.Bucket(store.place("haus/"), now=now, piece=piece)
    place.put("20261123T090000Z/a b+c.age", folder / "in")
    assert list(store.objects) == ["haus/20261123T090000Z/a b+c.age"]
    place.get("20261123T090000Z/a b+c.age", folder / "out")
    assert (folder / "out").read_bytes() == (folder / "in").read_bytes()
    place.remove("20261123T090000Z/a b+c.age")
    assert store.objects == {}


def test_names_come_from_all_pages_and_only_ours(store, folder):
    place = bucket.Bucket(store.place("haus/"), now=now)
    for number in range(7):
        place.put(f"{number}/x", folder / "in")
    store.objects["other/8/x"] = b""
    assert place.names() == [f"{number}/x" for number in range(7)]
    assert place.names("3/") == ["3/x"]


def test_busy_store_is_asked_again(store, folder):
    store.busy = 2
    bucket.Bucket(store.place(), now=now).put("x", folder / "in")
    assert list(store.objects) == ["x"]


def test_wrong_secret_is_said(store, folder):
    place = bucket.Bucket(store.place(secret="falsch"), now=now)
    with pytest.raises(shelf.UnableToReach, match=r"refuses us \(SignatureDoesNotMatch\)"):
        place.put("x", folder / "in")
    assert (store.objects, store.refused) == ({}, 1)


def test_missing_file_is_said(store, folder):
    with pytest.raises(shelf.Missing, match="does not exist"):
        bucket.Bucket(store.place(), now=now).get("nothing", folder / "out")


def test_store_that_is_away_is_said(folder):
    access = stores.ACCESS
    place = bucket.Place(endpoint="http://127.0.0.1:9", bucket="b", prefix="", access=access)
    with pytest.raises(shelf.UnableToReach, match="does not answer"):
        bucket.Bucket(place, now=now).put("x", folder / "in")


def test_folder_keeps_files_whole(folder):
    place = shelf.Folder(folder / "shelf")
    place.put("a/b", folder / "in")
    assert place.names() == ["a/b"]
    place.get("a/b", folder / "out")
    assert (folder / "out").read_bytes() == (folder / "in").read_bytes()
    place.remove("a/b")
    assert (place.names(), list((folder / "shelf").iterdir())) == ([], [])
    with pytest.raises(shelf.Missing):
        place.get("a/b", folder / "out")
