"""Host tools of pulseblock, behind the command of the same name.

The firmware's sources import ``const`` from ``micropython``.  CPython has no such module, so this
package provides the one function before anything imports the firmware.
"""

import sys
import types

if sys.implementation.name != "micropython" and "micropython" not in sys.modules:
    _micropython = types.ModuleType("micropython", "Stand-in for MicroPython's module: const() only.")
    _micropython.const = lambda value: value  # type: ignore[attr-defined]
    sys.modules["micropython"] = _micropython
