"""Memory where much is made in a short time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_garbage_collector() -> Iterator[None]:
    """Keep the garbage collector from looking through the same objects again and again.

    For work that makes many objects and lets them go at its end; looking for cycles among them
    costs a good part of its time and finds none.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
