"""Named moments at which a process can be made to die, so that tests see what it leaves behind.

`BILLING_CRASH_AT=slice.done` ends the process that reaches that point as SIGKILL does: nothing is
rolled back by us, no handler runs. Only in the environments test and development.
"""

import os
import signal

from django.conf import settings

VARIABLE = "BILLING_CRASH_AT"
_ENVIRONMENTS = ("test", "development")


def crash_point(name: str) -> None:
    """Die here if the environment asks for it; else do nothing."""
    if os.environ.get(VARIABLE) == name and settings.BAU_ENV in _ENVIRONMENTS:
        os.kill(os.getpid(), signal.SIGKILL)
