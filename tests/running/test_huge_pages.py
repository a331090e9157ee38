"""What a process keeps in memory lies in huge pages, where the system has such."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.running import huge_pages

MUCH = """
import mmap
from pathlib import Path
from service.running import huge_pages
size = huge_pages._size()
used = mmap.mmap(-1, 8 * size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
sparse = mmap.mmap(-1, 64 * size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for page in range(0, 8 * size, mmap.PAGESIZE): used[page] = 1
for page in range(0, 64 * size, 16 * mmap.PAGESIZE): sparse[page] = 1
told = lambda: Path("/proc/self/smaps_rollup").read_text()
before, moved, after = told(), huge_pages.move(), told()
assert all(used[page] == 1 for page in range(0, 8 * size, mmap.PAGESIZE))
print(moved, size, "BEFORE", before, "AFTER", after)
"""


def kilobytes(told: str, name: str) -> int:
    """Return what a line of `smaps_rollup` says."""
    found = re.search(rf"^{name}: +([0-9]+) kB$", told, re.MULTILINE)
    assert found is not None
    return int(found[1])


@pytest.mark.skipif(huge_pages._size() is None, reason="this system has no huge pages to give")
def test_what_is_in_use_is_moved_and_what_is_hardly_is_not() -> None:
    """All is there as before, and the process has hardly more memory than it had."""
    run = subprocess.run([sys.executable, "-c", MUCH], capture_output=True, text=True, check=True)
    head, before, after = re.split("BEFORE|AFTER", run.stdout)
    moved, size = map(int, head.split())
    assert moved >= 7
    assert kilobytes(after, "AnonHugePages") >= 7 * size // 1024
    assert kilobytes(after, "Rss") < 1.1 * kilobytes(before, "Rss")


@pytest.mark.parametrize("enabled", ["always madvise [never]", None])
def test_where_the_administrator_forbids_them_nothing_is_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, enabled: str | None
) -> None:
    """Nor where the system knows none: all stays as it is."""
    if enabled is not None:
        (tmp_path / "enabled").write_text(enabled)
    monkeypatch.setattr(huge_pages, "SETTINGS", tmp_path)
    assert huge_pages.move() == 0
