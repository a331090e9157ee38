"""Figures: what was measured, the table that is printed and the file that is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import orjson

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes:
        id: Stable name, `group.what`; results of different days are compared by it.
        label: What a reader sees.
        value: The number, in `unit`.
        aim: What it should be, as text (`≥ 200`), or empty.
        is_met: Whether the aim is met; None without an aim.
    """

    id: str
    label: str
    value: float
    unit: str
    aim: str = ""
    is_met: bool | None = None


def at_least(figure_id: str, label: str, value: float, unit: str, aim: float) -> Figure:
    """Return a figure that should be `aim` or more."""
    return Figure(figure_id, label, value, unit, f"≥ {aim:g}", value >= aim)


def at_most(figure_id: str, label: str, value: float, unit: str, aim: float) -> Figure:
    """Return a figure that should be `aim` or less."""
    return Figure(figure_id, label, value, unit, f"≤ {aim:g}", value <= aim)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as lines of text, a group a block."""
    lines: list[str] = []
    group = ""
    for figure in figures:
        head = figure.id.split(".")[0]
        if head != group:
            lines.append("")
            group = head
        verdict = {True: "met", False: "NOT MET", None: ""}[figure.is_met]
        aim = f"{figure.aim:>9}  {verdict}" if figure.aim else ""
        lines.append(f"{figure.label:<62}{_shown(figure.value):>12} {figure.unit:<8}{aim}".rstrip())
    return "\n".join(lines)


def keep(figures: Sequence[Figure], on: date, circumstances: dict[str, object]) -> Path:
    """Write the figures of a day and return the file; a second run of the day replaces the first."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{on.isoformat()}.json"
    content = {
        "on": on.isoformat(),
        "circumstances": circumstances,
        "figures": [asdict(figure) for figure in figures],
    }
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
    return path


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
