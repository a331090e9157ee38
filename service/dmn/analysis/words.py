"""Findings in words, in Chinese and English: «金额 5000–8000 且 客户类别=重要 没有规则»."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from service.dmn.analysis.findings import (
    Counterexample,
    Part,
    Problem,
    Span,
    TableAnalysis,
    Undecided,
)
from service.feel.temporal_text import text_of
from service.feel.values import DAY_NANOS, NANOS, DaysTimeDuration, YearsMonthsDuration
from service.feel.wording import Text, joined, verbatim

_ANYTHING = Text("任何输入", "Any input")


def problem_text(problem: Problem, hit_policy: str) -> Text:
    """Return a finding as one sentence."""
    return _PROBLEMS[problem.kind](problem, hit_policy)


def undecided_text(undecided: Undecided) -> Text:
    """Return what could not be decided as one sentence."""
    return _UNDECIDED[undecided.reason](undecided)


def left_off_texts(analysis: TableAnalysis) -> list[Text]:
    """Return sentences on findings beyond those listed."""
    return [
        Text(f"另有{_count(count)}{kind}未列出。", f"{_count_en(count)} {kind:en} are not listed.")
        for key, count in analysis.left_off.items()
        for kind in (_KINDS[key],)
    ]


def where_text(where: Counterexample) -> Text:
    """Return a counter-example in words."""
    if not where.parts:
        return _ANYTHING
    parts = [_part(part) for part in where.parts]
    return Text(
        " 且 ".join(part.marked for part in parts), " and ".join(part.english for part in parts)
    )


_KINDS = {
    "gap": Text("没有规则的情况", "inputs without a rule"),
    "overlap": Text("同时命中的行", "pairs of rows that match together"),
    "conflict": Text("输出冲突的行", "pairs of rows with different outputs"),
    "duplicate": Text("条件重复的行", "rows with the same conditions"),
    "unmeetable": Text("无法命中的行", "rows that nothing meets"),
    "unreachable": Text("从不起作用的行", "rows that never count"),
}


def _count(count: int) -> str:
    return "一些" if count < 0 else f" {count} 处"


def _count_en(count: int) -> str:
    return "Some more" if count < 0 else f"{count} more"


def _gap(problem: Problem, hit_policy: str) -> Text:
    where = where_text(problem.where)
    return Text(f"{where} 没有规则", f"{where:en}: there is no rule")


def _overlap(problem: Problem, hit_policy: str) -> Text:
    where, rows = where_text(problem.where), _numbers(problem.rows)
    return Text(
        f"第 {rows} 行同时命中（{where}），而命中策略是 UNIQUE",
        f"Rows {rows:en} match together ({where:en}), but the hit policy is UNIQUE",
    )


def _conflict(problem: Problem, hit_policy: str) -> Text:
    where, rows = where_text(problem.where), _numbers(problem.rows)
    return Text(
        f"第 {rows} 行同时命中（{where}），输出却不同，而命中策略是 ANY",
        f"Rows {rows:en} match together ({where:en}) with different outputs, but the hit policy is ANY",
    )


def _duplicate(problem: Problem, hit_policy: str) -> Text:
    row, earlier = problem.rows
    tail = _DUPLICATE_TAILS.get(hit_policy, Text("", "")) if problem.is_error else Text("", "")
    if hit_policy == "FIRST":
        tail = Text("，从不起作用", ", so it never counts")
    return Text(
        f"第 {row} 行与第 {earlier} 行的条件相同{tail}",
        f"Row {row} has the same conditions as row {earlier}{tail:en}",
    )


_DUPLICATE_TAILS = {
    "UNIQUE": Text("，而命中策略是 UNIQUE", ", but the hit policy is UNIQUE"),
    "ANY": Text(
        "，输出却不同，而命中策略是 ANY", ", with different outputs, but the hit policy is ANY"
    ),
}


def _unmeetable(problem: Problem, hit_policy: str) -> Text:
    row = problem.rows[0]
    columns = joined([Text(f"“{part.column}”", f"“{part.column}”") for part in problem.where.parts])
    return Text(
        f"第 {row} 行从不命中：没有值能满足{columns}列的条件",
        f"Row {row} never matches: no value meets the condition in column {columns:en}",
    )


def _unreachable(problem: Problem, hit_policy: str) -> Text:
    row, others = problem.rows[0], _numbers(problem.rows[1:])
    is_one = len(problem.rows) == 2
    deciding = f"row {others:en} always decides" if is_one else f"rows {others:en} always decide"
    where = where_text(problem.where)
    return Text(
        f"第 {row} 行从不起作用：它的情况（{where}）总是由第 {others} 行决定",
        f"Row {row} never counts: {deciding} its inputs ({where:en})",
    )


_PROBLEMS: dict[str, Callable[[Problem, str], Text]] = {
    "gap": _gap,
    "overlap": _overlap,
    "conflict": _conflict,
    "duplicate": _duplicate,
    "unmeetable": _unmeetable,
    "unreachable": _unreachable,
}


def _numbers(rows: Sequence[int]) -> Text:
    return joined([Text(str(row), str(row)) for row in rows])


def _part(part: Part) -> Text:
    name, options = verbatim(part.column), _options(part)
    if part.takes_null and not (part.spans or part.is_other):
        return Text(f"{name} 为空", f"{part.column} is missing")
    if part.takes_null:
        options.append(Text(" 或为空", " or is missing"))
    return Text(
        name + "".join(option.marked for option in options),
        part.column + "".join(option.english for option in options),
    )


def _options(part: Part) -> list[Text]:
    if part.is_other:
        if not part.spans:
            return [Text(" 为任意文本", " is any text")]
        left_out = joined([_value(span.low) for span in part.spans])
        return [Text(f" 不是 {left_out}", f" is none of {left_out:en}")]
    points = [span for span in part.spans if _is_point(span)]
    stretches = [span for span in part.spans if not _is_point(span)]
    found: list[Text] = []
    if points:
        values = joined([_value(span.low) for span in points])
        found.append(Text(f"={values}", f" = {values:en}"))
    for span in stretches:
        words = _stretch(span)
        found.append(
            Text(f" 或 {words}", f" or {words:en}") if found else Text(f" {words}", f" {words:en}")
        )
    return found


def _is_point(span: Span) -> bool:
    return span.low is not None and bool(span.low == span.high)


def _stretch(span: Span) -> Text:
    if span.low is None and span.high is None:
        return Text("有值", "is given")
    if span.high is None:
        return _one_sided("≥" if span.low_included else ">", span.low)
    if span.low is None:
        return _one_sided("≤" if span.high_included else "<", span.high)
    low, high = _value(span.low), _value(span.high)
    tail = _open_ends(span, low, high)
    return Text(f"{low}–{high}{tail}", f"{low:en}–{high:en}{tail:en}")


def _one_sided(sign: str, value: Any) -> Text:
    end = _value(value)
    return Text(f"{sign} {end}", f"{sign} {end:en}")


def _open_ends(span: Span, low: Text, high: Text) -> Text:
    if not span.low_included and not span.high_included:
        return Text("（不含两端）", " (without the ends)")
    if not span.low_included:
        return Text(f"（不含 {low}）", f" (without {low:en})")
    if not span.high_included:
        return Text(f"（不含 {high}）", f" (without {high:en})")
    return Text("", "")


def _value(value: Any) -> Text:
    if isinstance(value, bool):
        return Text("是", "true") if value else Text("否", "false")
    if isinstance(value, Decimal):
        plain = format(value, "f") if abs(value.adjusted()) < 20 else str(value)
        return Text(plain, plain)
    if isinstance(value, str):
        is_plain = value.strip() == value != ""
        return Text(verbatim(value), value) if is_plain else Text(f"“{value}”", f"“{value}”")
    if isinstance(value, DaysTimeDuration):
        return _length(value.nanos)
    if isinstance(value, YearsMonthsDuration):
        return _units(value.months, _MONTHS)
    text = text_of(value)
    return Text(text, text)


_MONTHS = ((12, " 年", "y"), (1, " 个月", "mo"))
_TIMES = ((86_400, " 天", "d"), (3_600, " 小时", "h"), (60, " 分", "min"), (1, " 秒", "s"))


def _length(nanos: int) -> Text:
    if nanos % NANOS or abs(nanos) > 40_000 * DAY_NANOS:
        text = text_of(DaysTimeDuration(nanos))
        return Text(text, text)
    return _units(nanos // NANOS, _TIMES)


def _units(amount: int, units: Sequence[tuple[int, str, str]]) -> Text:
    sign, left = ("-" if amount < 0 else ""), abs(amount)
    chinese, english = [], []
    for size, unit, short in units:
        count, left = divmod(left, size)
        if count:
            chinese.append(f"{count}{unit}")
            english.append(f"{count} {short}")
    if not chinese:
        chinese, english = [f"0{units[-1][1]}"], [f"0 {units[-1][2]}"]
    return Text(sign + " ".join(chinese), sign + " ".join(english))


def _opaque_cell(one: Undecided) -> Text:
    return Text(
        f"第 {one.row} 行“{one.column}”列没有判定：单元格“{one.detail}”不只是把输入与常数比较",
        f"Row {one.row}, column “{one.column}” was not decided: the cell “{one.detail}” does more than "
        "compare the input with constants",
    )


def _opaque_column(one: Undecided) -> Text:
    return Text(
        f"“{one.column}”列没有判定：它的类型不能逐段划分，或各行与不同类型的值比较",
        f"Column “{one.column}” was not decided: values of its type cannot be divided into stretches, "
        "or its rows compare with values of different types",
    )


def _shared(one: Undecided) -> Text:
    return Text(
        f"“{one.column}”列都读取变量 {verbatim(one.detail)}，分析时当作互不相关：有些组合可能不会出现",
        f"The columns {one.column} all read {one.detail} and were taken as independent: some "
        "combinations may never come",
    )


def _computed(one: Undecided) -> Text:
    kind = _KINDS[one.detail]
    return Text(
        f"没有判定全部{kind}：有些行的输出要计算才知道",
        f"Not all {kind:en} were decided: the outputs of some rows are computed",
    )


def _complex(one: Undecided) -> Text:
    kind = _KINDS[one.detail]
    return Text(
        f"没有判定{kind}：这张表太复杂",
        f"It was not decided whether there are {kind:en}: the table is too complex",
    )


_UNDECIDED: dict[str, Callable[[Undecided], Text]] = {
    "opaque_cell": _opaque_cell,
    "opaque_column": _opaque_column,
    "shared_variables": _shared,
    "computed_outputs": _computed,
    "too_complex": _complex,
}
