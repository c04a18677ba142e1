"""Start one worker process: `python -m werkbote.worker --concurrency 4`."""

import argparse

import django


def _main() -> None:
    parser = argparse.ArgumentParser(description="Run jobs, understand bodies, send messages.")
    parser.add_argument("--concurrency", type=int, default=4, help="jobs at once")
    chosen = parser.parse_args()
    django.setup()
    from werkbote.worker import run  # noqa: PLC0415 -- models exist only after setup

    run.main(concurrency=chosen.concurrency)


if __name__ == "__main__":
    _main()
