"""What the tests of a release share: the files of the project as a model repository sees them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "ci"))
