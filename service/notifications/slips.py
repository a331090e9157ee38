"""Slips on paper: what stands on one. What draws them is loaded with the first one (`pdf`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import cast

Drawing = Callable[[str, str, "Sequence[Section]"], bytes]


@dataclass(frozen=True)
class Section:
    """A part of a slip.

    Attributes:
        heading: Its heading; empty for none.
        lines: Label and value.
    """

    heading: str
    lines: Sequence[tuple[str, str]]


def slip(title: str, under: str, sections: Sequence[Section]) -> bytes:
    """Return a PDF in A4 with a title, a line under it, the sections and page numbers."""
    return _drawing()(title, under, sections)


@cache
def _drawing() -> Drawing:
    # Drawing takes seven megabytes of each process that has it loaded, and few ever print a slip.
    return cast(Drawing, import_module("service.notifications.pdf").draw)
