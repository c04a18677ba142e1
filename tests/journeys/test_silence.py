"""The check of the logs finds what it is for."""

from pathlib import Path

import pytest

from tests.journeys import silence


@pytest.mark.shows("S-23")
@pytest.mark.parametrize(
    "line",
    [
        '{"event": "Petra Beispiel wrote"}',
        '{"event": "to +49 1522 8817386"}',
        '{"event": "Moin, ist mein Golf fertig?"}',
        "DETAIL: (4915228895456)",
    ],
)
def test_log_that_names_somebody_is_found(tmp_path: Path, line: str) -> None:
    log = tmp_path / "said.log"
    log.write_text(f"Login anna.1@autohaus.example Anna Beispiel\n Stop with Ctrl-C\n{line}\n")
    with pytest.raises(AssertionError, match="tells of"):
        silence.check(log)


@pytest.mark.shows("S-23")
def test_log_of_ids_and_codes_is_silent(tmp_path: Path) -> None:
    log = tmp_path / "said.log"
    log.write_text('Anna Beispiel\nCtrl-C\n{"event": "message 119252896274162801: sent"}\n')
    silence.check(log)
