"""Keys as people make them, with ssh-keygen and openssl."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from system_tools import program

if TYPE_CHECKING:
    from pathlib import Path

MOMENT = datetime(2026, 11, 30, 12, tzinfo=UTC)
SMALL = "factsheet: 1\noverview: {name: A net, model: net}\nparameters: {power: 3.13 W}\n"


class KeyPair(NamedTuple):
    """The files of a pair of keys."""

    private: Path
    public: Path


def ssh_key(place: Path, passphrase: str = "", *kind: str) -> KeyPair:
    arguments = kind or ("-t", "ed25519")
    command = [program("ssh-keygen"), "-q", *arguments, "-N", passphrase, "-C", "a comment", "-f", str(place)]
    subprocess.run(command, check=True)
    return KeyPair(place, place.with_name(f"{place.name}.pub"))


def openssl_key(place: Path, passphrase: str = "", algorithm: str = "ed25519") -> KeyPair:
    openssl, public = program("openssl"), place.with_suffix(".pub.pem")
    options = ["-aes-256-cbc", "-pass", f"pass:{passphrase}"] if passphrase else []
    subprocess.run([openssl, "genpkey", "-algorithm", algorithm, "-out", str(place), *options], check=True)
    opened = ["-passin", f"pass:{passphrase}"] if passphrase else []
    subprocess.run([openssl, "pkey", "-in", str(place), *opened, "-pubout", "-out", str(public)], check=True)
    place.chmod(0o600)
    return KeyPair(place, public)
