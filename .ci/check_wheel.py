"""Check that a wheel holds every file of the two packages, and nothing else: ``check_wheel.py FILE.whl``."""

import subprocess
import sys
import zipfile

ROOTS = {"device/pulseblock": "pulseblock", "host_tools/pulseblock_tools": "pulseblock_tools"}


def main() -> None:
    """Compare the wheel with the files under version control."""
    tracked = subprocess.run(["git", "ls-files", "-z", *ROOTS], capture_output=True, text=True, check=True)
    expected = set()
    for path in filter(None, tracked.stdout.split("\0")):
        root = next(root for root in ROOTS if path.startswith(root + "/"))
        expected.add(ROOTS[root] + path.removeprefix(root))
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        found = {name for name in wheel.namelist() if ".dist-info/" not in name}
    if not expected or found != expected:
        sys.exit(f"missing: {sorted(expected - found)}; too much: {sorted(found - expected)}")
    print(f"{sys.argv[1]} holds all {len(found)} files")


main()
