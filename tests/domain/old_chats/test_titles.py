"""The other side's name stands in the export's file name."""

import pytest

from werkbote.domain import old_chats


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("WhatsApp-Chat mit Petra Beispiel.txt", "Petra Beispiel"),
        ("WhatsApp Chat with Jane.txt", "Jane"),
        ("WhatsApp Chat - Petra Beispiel.zip", "Petra Beispiel"),
        ("WhatsApp-Chat mit Petra (2).zip", "Petra"),
        ("ordner/WhatsApp-Chat mit Petra.txt.zip", "Petra"),
        ("_chat.txt", ""),
        ("rechnung.pdf", ""),
        ("", ""),
    ],
)
def test_the_counterpart_of_a_file_name(filename, name):
    assert old_chats.counterpart(filename) == name
