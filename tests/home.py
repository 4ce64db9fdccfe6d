"""A plugin: the folder of what the tests of one process keep outside the database. It is loaded before the settings.

Two processes that test side by side have a folder each, so that one does not see what the other stored.
"""

import os
import shutil
import tempfile

_HOME = tempfile.mkdtemp(prefix="ikrar-tests-")
os.environ["IKRAR_HOME"] = _HOME


def pytest_unconfigure():
    shutil.rmtree(_HOME, ignore_errors=True)
