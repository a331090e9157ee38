"""Decision tables made up for measuring: as files, and the rows of wide ones."""

import random
from collections.abc import Sequence
from xml.sax.saxutils import escape

ROWS, COLUMNS = 200, 8


def wide_file(names: Sequence[str], rules: Sequence[Sequence[str]], hit_policy: str) -> bytes:
    """Return a DMN file with one decision `d`; a rule is its input cells and one output cell."""
    head = "".join(
        f'<input id="i{at}"><inputExpression><text>{name}</text></inputExpression></input>'
        for at, name in enumerate(names)
    )
    body = "".join(
        f'<rule id="r{row}">'
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in rule[:-1])
        + f"<outputEntry><text>{escape(rule[-1])}</text></outputEntry></rule>"
        for row, rule in enumerate(rules)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f" '
        f'namespace="urn:f"><decision id="d" name="d"><decisionTable hitPolicy="{hit_policy}">'
        f'{head}<output id="o" name="o"/>{body}</decisionTable></decision></definitions>'
    ).encode()


def scattered(seed: int, empty: float) -> list[list[str]]:
    """Return rows of ranges, truths and texts; a share of the cells is empty."""
    pick = random.Random(seed)
    return [
        ["-" if pick.random() < empty else _cell(pick, at) for at in range(COLUMNS)]
        + [str(row % 4)]
        for row in range(ROWS)
    ]


def _cell(pick: random.Random, column: int) -> str:
    if column % 4 == 3:
        return f'"{pick.choice("abcdefgh")}"'
    if column % 4 == 2:
        return pick.choice(["true", "false"])
    low = pick.randint(0, 1000)
    return f"[{low}..{low + pick.randint(1, 400)})"


def parted(seed: int) -> list[list[str]]:
    """Return rows that part all inputs without gap or overlap: boxes split at random."""
    pick = random.Random(seed)
    boxes = [[(0, 1024)] * COLUMNS]
    while len(boxes) < ROWS:
        box = boxes.pop(pick.randrange(len(boxes)))
        column = pick.randrange(COLUMNS)
        low, high = box[column]
        if high - low < 2:
            boxes.append(box)
            continue
        middle = pick.randint(low + 1, high - 1)
        for part in ((low, middle), (middle, high)):
            boxes.append([*box[:column], part, *box[column + 1 :]])
    return [[*(_range(*part) for part in box), str(row)] for row, box in enumerate(boxes)]


def _range(low: int, high: int) -> str:
    if low == 0:
        return "-" if high == 1024 else f"< {high}"
    return f">= {low}" if high == 1024 else f"[{low}..{high})"


WIDE = [
    (scattered(1, 0.0), "UNIQUE"),
    (scattered(1, 0.3), "FIRST"),
    (scattered(2, 0.6), "FIRST"),
    (scattered(3, 0.8), "FIRST"),
    (parted(1), "UNIQUE"),
    (parted(2), "FIRST"),
]
"""Rows and hit policy of the tables whose analysis is measured."""
