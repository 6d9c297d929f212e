"""A Celery worker that is there again at once after it was killed.

python -m tests.faults.worker

Imports everything, then makes a worker for each line it reads: a fork in a process group of its
own, whose id it prints. When that group's first process has died it prints "dead" and reads on.
"""

import os
import signal
import sys
import time
from typing import NoReturn

import django

from config.celery import app
from config.local.processes import die_with_parent

OPTIONS = [
    *("worker", "--concurrency", "2", "--loglevel", "WARNING"),
    # They only slow down the start.
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]
_RESTART_SECONDS = 0.5


def main() -> None:
    """Make a worker for each line."""
    django.setup()
    app.loader.import_default_modules()
    tell("ready")
    for _line in sys.stdin:
        follow = die_with_parent(signal.SIGKILL)
        worker = os.fork()
        if worker == 0:
            os.setsid()
            if follow is not None:
                follow()
            # What it reads and prints is not meant for whoever talks to us.
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(0, 1)
            keep_working()
        # Whoever is told kills the group, which the child makes only once it runs.
        while os.getpgid(worker) != worker:
            time.sleep(0.001)
        tell(worker)
        os.waitpid(worker, 0)
        tell("dead")
    # Tidying up all modules takes seconds, and there is nothing to keep.
    os._exit(0)


def keep_working() -> NoReturn:
    """Start a worker, and another when it ends by itself, as docker-compose.yml does.

    Celery gives up at times when its broker is gone (celery.worker: "Unrecoverable error").
    """
    while True:
        worker = os.fork()
        if worker == 0:
            app.worker_main(OPTIONS)
            os._exit(0)
        os.waitpid(worker, 0)
        time.sleep(_RESTART_SECONDS)


def tell(text: object) -> None:
    """A line for whoever started us."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
