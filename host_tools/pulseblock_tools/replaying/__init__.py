"""The counting core over a recorded trace, in this process or on the MicroPython of a virtual block."""

from typing import Literal

Runtime = Literal["cpython", "micropython"]
