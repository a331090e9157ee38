"""Moves what a process has in memory to huge pages, once it has got it.

A processor finds a place in memory by a table whose entries it keeps for a few thousand pages. A web
process has some 25,000 of 4 KiB, and goes through many with each request: it would look them up again and
again, in a virtual machine through two tables. Of 2 MiB there are fifty. Linux moves pages together when it
is asked to (docs/decisions/0032); where it cannot, or its administrator forbids it, all stays as it is.

Source: madvise(2), `MADV_COLLAPSE` (Linux 6.1); Documentation/admin-guide/mm/pagemap.rst.
"""

import ctypes
import mmap
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

WHEN_S = (5.0, 60.0, 600.0)
"""When a process moves what it has, from its start: the code, the first requests, all that it keeps."""

FULL = 0.9
"""Share of a huge page that must be in use already: to move it costs at most a ninth more memory."""

REST_S = 0.002
"""Between two pages: requests go on meanwhile."""

MADV_COLLAPSE = 25
"""Linux's number for the advice (`asm-generic/mman-common.h`)."""

PAGEMAP_ENTRY = 8
"""Bytes that `/proc/self/pagemap` has for a page; the highest bit of the last says whether it is in memory."""
PRESENT = 0x80

SETTINGS = Path("/sys/kernel/mm/transparent_hugepage")

_OWN = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0\s+(\[heap\])?$")
"""A line of `/proc/self/maps`: memory that belongs to the process alone and to no file."""


def keep_moving() -> None:
    """Move what the process has, now and then, while it works."""
    if _size() is not None:
        threading.Thread(target=_move_at_times, name="huge-pages", daemon=True).start()


def move() -> int:
    """Move what lies close together; return how many huge pages are in use for it."""
    size = _size()
    if size is None:
        return 0
    advise = ctypes.CDLL(None).madvise
    moved = 0
    for start in list(_full(size)):
        moved += advise(ctypes.c_void_p(start), ctypes.c_size_t(size), MADV_COLLAPSE) == 0
        time.sleep(REST_S)
    return moved


def _move_at_times() -> None:
    began = time.monotonic()
    for when in WHEN_S:
        time.sleep(max(0.0, began + when - time.monotonic()))
        move()


def _size() -> int | None:
    """Return the bytes of a huge page; None: this system has none, or must not use them."""
    try:
        if "[never]" in (SETTINGS / "enabled").read_text():
            return None
        return int((SETTINGS / "hpage_pmd_size").read_text())
    except FileNotFoundError:
        return None


def _full(size: int) -> Iterator[int]:
    """Yield where in the process's own memory there is a huge page that is in use nearly all."""
    entries = size // mmap.PAGESIZE
    with Path("/proc/self/pagemap").open("rb", buffering=0) as pagemap:
        for start, end in _own_memory():
            for page in range(-(-start // size) * size, end // size * size, size):
                told = os.pread(
                    pagemap.fileno(), entries * PAGEMAP_ENTRY, page // mmap.PAGESIZE * PAGEMAP_ENTRY
                )
                present = sum(bits >= PRESENT for bits in told[PAGEMAP_ENTRY - 1 :: PAGEMAP_ENTRY])
                if present >= FULL * entries:
                    yield page


def _own_memory() -> Iterator[tuple[int, int]]:
    for line in Path("/proc/self/maps").read_text().splitlines():
        found = _OWN.match(line)
        if found:
            yield int(found[1], 16), int(found[2], 16)
