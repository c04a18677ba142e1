"""A backup in a process that may write only small files, as on a full disk: `python -m … PICKLE BYTES`."""

import pickle
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from werkbote.channels import shelf
from werkbote.config.backup import making, plan, sealing


def main() -> int:
    environment = pickle.loads(Path(sys.argv[1]).read_bytes())
    limit = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        made = plan.make(environment, say=lambda _text: None)
        making.run(made, at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    except (sealing.UnableToSeal, shelf.UnableToReach) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
