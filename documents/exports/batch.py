"""Rendering many letters with all cores, in order, without holding them all in memory."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from documents.exports.pdf import render_pdf

# How many letters each process may have waiting: enough to keep it busy, few in memory.
WAITING_PER_PROCESS = 4


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One letter to render: its HTML and the text that becomes the file's id."""

    html: str
    identifier: str


def count_processes(jobs: int) -> int:
    """How many processes are worth starting for so many letters."""
    if multiprocessing.current_process().daemon:
        return 1  # A daemon, such as a worker of some job queue, must not have children.
    return max(1, min(os.cpu_count() or 1, jobs // 8))


def _render(job: PrintJob, stylesheet: Path) -> bytes:
    return render_pdf(job.html, stylesheet=stylesheet, identifier=job.identifier)


def render_many(jobs: Iterable[PrintJob], *, stylesheet: Path, processes: int) -> Iterator[bytes]:
    """PDFs of the jobs in their order. With one process everything happens in this one.

    The processes are started fresh, not forked: the parent may hold database connections and
    threads, which a fork would share.
    """
    if processes <= 1:
        yield from (_render(job, stylesheet) for job in jobs)
        return
    waiting: deque[Future[bytes]] = deque()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        try:
            for job in jobs:
                waiting.append(pool.submit(_render, job, stylesheet))
                if len(waiting) > processes * WAITING_PER_PROCESS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
