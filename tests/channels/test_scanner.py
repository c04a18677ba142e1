"""The malware scanner's protocol, against a peer that speaks it, and one that breaks it."""

import socket

import pytest

from tests import scannerserver
from werkbote.channels import scanner


def test_a_clean_file_arrives_whole_and_in_pieces():
    content = bytes(range(256)) * 1000
    with scannerserver.serving() as peer:
        assert scanner.scan([content], address=peer.address) == ""
    assert peer.received == [content]
    assert peer.pieces == [65536, 65536, 65536, 59392]


def test_an_empty_file_is_asked_about_too():
    with scannerserver.serving() as peer:
        assert scanner.scan([b""], address=peer.address) == ""
    assert peer.received == [b""]


def test_what_is_found_is_named_over_a_socket_of_this_machine(tmp_path):
    with scannerserver.serving(path=tmp_path / "clamd.ctl") as peer:
        found = scanner.scan([b"x" + scannerserver.EVIL], address=peer.address)
    assert found == "Test.Evil"


@pytest.mark.parametrize(
    "says",
    [
        pytest.param(b"", id="hangs up"),
        pytest.param(b"stream: OK", id="no end"),
        pytest.param(b"stream: O", id="cut off"),
        pytest.param(b"stream: OK\0stream: OK\0", id="twice"),
        pytest.param(b"stream: OK\n\0", id="line end"),
        pytest.param(b"stream: ok\0", id="small letters"),
        pytest.param(b"OK\0", id="no stream"),
        pytest.param(b"PONG\0", id="pong"),
        pytest.param(b"\0", id="nothing"),
        pytest.param(b"stream:  FOUND\0", id="nameless"),
        pytest.param(b"stream: \xff FOUND\0", id="no letters"),
        pytest.param(b"stream: Can't allocate memory ERROR\0", id="error"),
        pytest.param(b"UNKNOWN COMMAND\0", id="unknown"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n\0", id="a web server"),
        pytest.param(b"x" * 10_000 + b"\0", id="endless"),
    ],
)
def test_no_other_answer_lets_a_file_pass(says):
    with scannerserver.serving() as peer:
        peer.says = says
        with pytest.raises(scanner.UnableToScan):
            scanner.scan([b"Hallo"], address=peer.address)


def test_a_file_refused_while_it_is_sent_counts_as_unscanned():
    with scannerserver.serving() as peer:
        peer.deaf = 100_000
        peer.says = b"INSTREAM size limit exceeded. ERROR\0"
        with pytest.raises(scanner.UnableToScan):
            scanner.scan([bytes(400_000)], address=peer.address)


def test_the_size_refused_after_the_file_has_its_own_name():
    with scannerserver.serving() as peer:
        peer.says = b"INSTREAM size limit exceeded. ERROR\0"
        with pytest.raises(scanner.TooLargeToScan):
            scanner.scan([b"Hallo"], address=peer.address)


def test_a_scanner_that_says_nothing_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(scanner.UnableToScan):
            scanner.scan([b"Hallo"], address=address, seconds=0.2)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl", "niemand", ""])
def test_where_nobody_is_there_is_no_verdict(address):
    with pytest.raises(scanner.UnableToScan):
        scanner.scan([b"Hallo"], address=address, seconds=2)


def test_a_ping_needs_its_pong():
    with scannerserver.serving() as peer:
        scanner.check(address=peer.address)
        peer.says = b"220 mail.example.de\0"
        with pytest.raises(scanner.UnableToScan):
            scanner.check(address=peer.address)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("127.0.0.1:3310", ("127.0.0.1", 3310)),
        ("[::1]:3310", ("::1", 3310)),
        ("clamav.example.de:3310", ("clamav.example.de", 3310)),
        ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
    ],
)
def test_addresses(given, place):
    assert scanner.parse(given) == place


@pytest.mark.parametrize("given", ["", "localhost", ":3310", "h:0", "h:70000", "h:x", "tcp://h"])
def test_what_is_no_address(given):
    with pytest.raises(ValueError, match="socket"):
        scanner.parse(given)
