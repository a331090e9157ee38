"""Functions of strings; positions count characters from 1, negative ones from the end.

Source: DMN 1.5 §10.3.4.3, table 76.
"""

from decimal import Decimal
from typing import Any

from service.feel.builtins.registry import builtin
from service.feel.errors import Fault, text_too_long
from service.feel.limits import STRING_CHARACTERS
from service.feel.regex import compiled_regex, expanded
from service.feel.run import Run


def checked_length(text: str) -> str:
    """Return the text.

    Raises:
        LimitExceeded: It has become too long.
    """
    if len(text) > STRING_CHARACTERS:
        raise text_too_long()
    return text


@builtin("substring", "string: string", "start position: number", "length?: number?")
def _substring(text: str, start: Decimal, length: Decimal | None = None) -> str:
    begin = int(start)
    if begin == 0 or abs(begin) > len(text):
        raise Fault(
            f"起始位置应在 1 与 {len(text)} 之间，实际为 {start}",
            f"Expected a start position from 1 to {len(text)}, but got {start}.",
        )
    begin = begin - 1 if begin > 0 else len(text) + begin
    if length is None:
        return text[begin:]
    if length < 1:
        raise Fault(
            f"长度应至少为 1，实际为 {length}",
            f"Expected a length of at least 1, but got {length}.",
        )
    return text[begin : begin + int(length)]


@builtin("string length", "string: string")
def _string_length(text: str) -> Decimal:
    return Decimal(len(text))


@builtin("upper case", "string: string")
def _upper_case(text: str) -> str:
    return text.upper()


@builtin("lower case", "string: string")
def _lower_case(text: str) -> str:
    return text.lower()


@builtin("substring before", "string: string", "match: string")
def _substring_before(text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string", "match: string")
def _substring_after(text: str, match: str) -> str:
    if not match:
        return text
    return text.partition(match)[2]


@builtin("contains", "string: string", "match: string")
def _contains(text: str, match: str) -> bool:
    return match in text


@builtin("starts with", "string: string", "match: string")
def _starts_with(text: str, match: str) -> bool:
    return text.startswith(match)


@builtin("ends with", "string: string", "match: string")
def _ends_with(text: str, match: str) -> bool:
    return text.endswith(match)


@builtin("matches", "input: string", "pattern: string", "flags?: string?", needs_run=True)
def _matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    return compiled_regex(pattern, flags or "").has_match_in(text, run.step)


@builtin(
    "replace",
    "input: string",
    "pattern: string",
    "replacement: string",
    "flags?: string?",
    needs_run=True,
)
def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    wanted, is_literal = compiled_regex(pattern, flags or ""), "q" in (flags or "")
    if wanted.has_match_in("", run.step):
        raise Fault(
            "正则表达式不得匹配空文本", "The regular expression must not match the empty text."
        )
    parts, at, size = [], 0, 0
    for match in wanted.matches_in(text, run.step):
        parts += [text[at : match.start], expanded(replacement, match, is_literal=is_literal)]
        size += len(parts[-1]) + len(parts[-2])
        if size > STRING_CHARACTERS:
            raise text_too_long()
        at = match.end
    return checked_length("".join([*parts, text[at:]]))


@builtin("split", "string: string", "delimiter: string", needs_run=True)
def _split(run: Run, text: str, delimiter: str) -> list[str]:
    parts, at = [], 0
    for match in compiled_regex(delimiter, "").matches_in(text, run.step):
        if match.end > match.start:
            parts.append(text[at : match.start])
            at = match.end
    return [*parts, text[at:]]


@builtin("extract", "string: string", "pattern: string", needs_run=True)
@builtin("extract", "input: string", "pattern: string", needs_run=True)
def _extract(run: Run, text: str, pattern: str) -> list[str]:
    return [
        match.groups[0] or "" for match in compiled_regex(pattern, "").matches_in(text, run.step)
    ]


@builtin("string join", "list: list", "delimiter?: string?")
def _string_join(items: list[Any], delimiter: str | None = None) -> str:
    return _joined(items, delimiter, "", "")


@builtin("string join", "list: list", "delimiter: string?", "prefix: string?", "suffix: string?")
def _string_join_within(
    items: list[Any], delimiter: str | None, prefix: str | None, suffix: str | None
) -> str:
    return _joined(items, delimiter, prefix or "", suffix or "")


def _joined(items: list[Any], delimiter: str | None, prefix: str, suffix: str) -> str:
    texts = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in texts):
        raise Fault("string join 的列表只能含有文本", "Expected a list of texts only.")
    size = sum(map(len, texts)) + len(delimiter or "") * len(texts)
    if size > STRING_CHARACTERS:
        raise text_too_long()
    return prefix + (delimiter or "").join(texts) + suffix


@builtin("trim", "string: string")
def _trim(text: str) -> str:
    return text.strip()


@builtin("is blank", "string: string")
def _is_blank(text: str) -> bool:
    return not text.strip()


@builtin("is empty", "string: string", is_glance=True)
def _is_empty_text(text: str) -> bool:
    return not text


@builtin("is empty", "context: context", is_glance=True)
def _is_empty_context(context: dict[str, Any]) -> bool:
    return not context


@builtin("is empty", "list: list", is_glance=True)
def _is_empty(items: list[Any]) -> bool:
    return not items
