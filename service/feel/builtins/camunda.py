"""What Camunda 8 adds to FEEL and stands nowhere else.

Source: Camunda 8 FEEL built-ins (docs); `fromAi` returns its argument, `cycle` an ISO 8601 repetition.
"""

import base64
import binascii
import random
import uuid
from decimal import ROUND_DOWN, Decimal
from typing import Any

from service.feel.builtins.registry import builtin
from service.feel.builtins.strings import checked_length
from service.feel.errors import AssertionFailed, Fault
from service.feel.temporal_text import text_of
from service.feel.values import DaysTimeDuration, YearsMonthsDuration
from service.feel.wording import Text, verbatim

_DOES_NOT_HOLD = Text("断言的条件不成立", "The condition does not hold.")


@builtin("is defined", "value", is_glance=True)
def _is_defined(value: Any) -> bool:
    return value is not None


@builtin("get or else", "value", "default", is_glance=True)
def _get_or_else(value: Any, default: Any) -> Any:
    return default if value is None else value


@builtin("assert", "value", "condition", "cause?: string")
def _assert(value: Any, condition: Any, cause: str = "") -> Any:
    if condition is not True:
        raise AssertionFailed(Text(verbatim(cause), cause) if cause else _DOES_NOT_HOLD)
    return value


@builtin("cycle", "interval: days and time duration")
def _cycle(interval: DaysTimeDuration) -> str:
    return f"R/{text_of(interval)}"


@builtin("cycle", "interval: years and months duration")
def _cycle_of_months(interval: YearsMonthsDuration) -> str:
    return f"R/{text_of(interval)}"


@builtin("cycle", "repetitions: number?", "interval: days and time duration")
def _cycle_times(repetitions: Decimal | None, interval: DaysTimeDuration) -> str:
    return f"R{_count(repetitions)}/{text_of(interval)}"


@builtin("cycle", "repetitions: number?", "interval: years and months duration")
def _cycle_times_of_months(repetitions: Decimal | None, interval: YearsMonthsDuration) -> str:
    return f"R{_count(repetitions)}/{text_of(interval)}"


def _count(repetitions: Decimal | None) -> str:
    # Python writes no integer of thousands of digits.
    return "" if repetitions is None else f"{repetitions.to_integral_value(ROUND_DOWN):f}"


@builtin("uuid")
def _uuid() -> str:
    return str(uuid.uuid4())


@builtin("random number")
def _random_number() -> Decimal:
    return Decimal(repr(random.random()))


@builtin("to base64", "value: string")
def _to_base64(value: str) -> str:
    return checked_length(base64.b64encode(value.encode()).decode("ascii"))


@builtin("from base64", "value: string")
def _from_base64(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Fault("不是文本的 Base64 编码", "This is no Base64 of a text.") from error


@builtin(
    "fromAi",
    "value",
    "description?: string?",
    "type?: string?",
    "schema?: context?",
    "options?: context?",
)
def _from_ai(
    value: Any,
    description: str | None = None,
    kind: str | None = None,
    schema: Any = None,
    options: Any = None,
) -> Any:
    return value
