"""Find the data files that belong to the program: `templates/` and `schemas/`, in a wheel and in a checkout.

In a wheel they are inside the package, under `_data`; in an editable installation and in a source checkout at the
repository's top level, beside the package. The current directory is never looked at: a folder of that name in
somebody's project must not decide what is printed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from factsheet.errors import ResourceMissingError

Resource = Literal["templates", "schemas"]


def resource_directory(name: Resource, package: Path | None = None) -> Path:
    """Return the folder of that name which belongs to the package.

    Args:
        name: which folder.
        package: the package's own folder; found from this module if left out.

    Raises:
        ResourceMissingError: neither the wheel's nor the checkout's folder exists.
    """
    package = Path(__file__).resolve().parent if package is None else package
    packaged, beside = package / "_data" / name, package.parent / name
    if packaged.is_dir():
        return packaged
    # Beside an installed package are other people's packages; only a checkout has the project's own file there.
    if beside.is_dir() and (package.parent / "pyproject.toml").is_file():
        return beside
    raise ResourceMissingError(
        f"the folder `{name}` is neither in {packaged} nor in {beside}; install factsheet again"
    )
