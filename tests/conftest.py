"""Makes the plugins of this folder known to pytest, and every run of the tests the same."""

import signal
import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

# Started in the background, Ctrl-C is ignored here and in every program that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")

pytest_plugins = ["plugins.runtimes"]
