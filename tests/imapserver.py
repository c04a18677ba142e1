"""A mailbox on loopback that speaks as much IMAP as is needed to empty it."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PASSWORD = "leerungszeit"


@dataclass(slots=True)
class Folder:
    """Letters by their number."""

    letters: dict[int, bytes] = field(default_factory=dict)
    port: int = 0


class _Speaker(socketserver.StreamRequestHandler):
    folder: Folder

    def handle(self) -> None:
        deleted: set[int] = set()
        self._say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _, words = line.partition(" ")
            refused = words.upper().startswith("LOGIN") and PASSWORD not in words
            if not refused:
                self._answer(words, deleted)
            self._say(f"{tag} NO wrong password" if refused else f"{tag} OK done")

    def _answer(self, words: str, deleted: set[int]) -> None:
        letters = self.folder.letters
        verb, _, rest = words.upper().partition(" ")
        verb = f"UID {rest.partition(' ')[0]}" if verb == "UID" else verb
        said = {
            "CAPABILITY": "* CAPABILITY IMAP4rev1",
            "SELECT": f"* {len(letters)} EXISTS",
            "UID SEARCH": "* SEARCH " + " ".join(str(one) for one in sorted(letters)),
            "LOGOUT": "* BYE",
        }
        if verb in said:
            self._say(said[verb])
        if verb == "UID FETCH":
            for one in _numbers(words.split(" ")[2]):
                self._letter(one)
        if verb == "UID STORE":
            deleted |= _numbers(words.split(" ")[2])
        if verb.endswith("EXPUNGE"):
            for one in deleted:
                letters.pop(one, None)

    def _letter(self, one: int) -> None:
        raw = self.folder.letters[one]
        head = f"* {one} FETCH (UID {one} FLAGS () RFC822.SIZE {len(raw)} BODY[] {{{len(raw)}}}\r\n"
        self.wfile.write(head.encode() + raw + b")\r\n")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def _numbers(named: str) -> set[int]:
    return {int(one) for one in re.findall(r"\d+", named)}


@contextmanager
def serving(*letters: bytes) -> Iterator[Folder]:
    """Run the server on a free port with these letters in its inbox."""
    folder = Folder(letters=dict(enumerate(letters, 1)))
    speaker = type("Speaker", (_Speaker,), {"folder": folder})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), speaker) as server:
        folder.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield folder
        finally:
            server.shutdown()
            thread.join()
