"""What raw traces the block has recorded, and whether it goes on."""

import json
import os


def run(folder, flag):
    """Yields one object: `traces`, names and sizes of the files in `folder`; `recording`, is `flag` there."""
    try:
        os.stat(flag)
        recording = True
    except OSError:
        recording = False
    try:
        traces = [[name, os.stat(folder + "/" + name)[6]] for name in sorted(os.listdir(folder))]
    except OSError:
        traces = []
    yield json.dumps({"recording": recording, "traces": traces}).encode()
