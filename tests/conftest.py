"""Makes the plugins of this folder known to pytest."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = ["plugins.runtimes"]
