"""A throw-away virtual environment for the libraries we are compared with; ours never sees them."""

import subprocess
import sys
import venv
from pathlib import Path

PLACE = Path("var") / "rivals"
PACKAGES = ("bkflow-feel==1.2.0", "pySFeel==1.4.2")
_PATIENCE_S = 300


def python() -> Path | None:
    """Return the interpreter that has the rivals, installed when they are not; None with a word why."""
    interpreter = PLACE / "bin" / "python"
    marker = PLACE / "installed"
    if marker.exists() and marker.read_text() == " ".join(PACKAGES):
        return interpreter
    venv.create(PLACE, with_pip=True, clear=True)
    install = [str(interpreter), "-m", "pip", "install", "--quiet", *PACKAGES]
    try:
        done = subprocess.run(
            install, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return _without("the package registry does not answer")
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return _without(reason)
    marker.write_text(" ".join(PACKAGES))
    return interpreter


def _without(reason: str) -> None:
    sys.stderr.write(f"skipped: the libraries to compare with cannot be installed: {reason}\n")
