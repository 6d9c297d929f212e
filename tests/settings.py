"""The settings of the test run: always the test environment, whatever the shell says."""

import os

os.environ["BAU_ENV"] = "test"

from config.settings import *  # noqa: F403 -- the environment must be set first

# Knows how to empty our partitioned tables after a test that commits.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.emptying"]  # noqa: F405

# Tests sign in hundreds of times; the strong hash would be most of their time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
