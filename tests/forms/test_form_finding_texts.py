"""What is found in a form file is told in Simplified Chinese, Traditional Chinese and English."""

from json import dumps
from typing import Any

import pytest

from service.domain.errors import DeploymentRefusedError, Finding
from service.forms import parse


def finding(component: dict[str, Any]) -> Finding:
    """Return what is found in a form of one component."""
    with pytest.raises(DeploymentRefusedError) as caught:
        parse(dumps({"id": "f", "components": [{"id": "a", **component}]}).encode())
    (found,) = caught.value.findings
    return found


@pytest.mark.parametrize(
    ("component", "traditional", "english"),
    [
        (
            {"type": "html", "content": "<script>1</script>"},
            "HTML 內容不能帶指令碼或內嵌網頁：頁面安全政策會阻止其執行。",
            "The HTML must hold no scripts or embedded pages: the security policy of the pages keeps them out.",
        ),
        (
            {"type": "textfield", "key": "k", "properties": {"trackedItem": "样品"}},
            "trackedItem 只能用於核取方塊，且只能是 样品、传真件、发票、其他 之一。",
            "'trackedItem' is for checkboxes only, and must be one of 样品, 传真件, 发票, 其他.",
        ),
        (
            {"type": "textfield", "key": "k", "conditional": {"hide": "=数量 +"}},
            "conditional.hide 的運算式有語法錯誤：第 1 行第 5 欄：應為運算式，實際為運算式結尾。",
            "The expression of 'conditional.hide' is no FEEL: Line 1, column 5: expected an expression, but "
            "found the end of the expression.",
        ),
        (
            {"type": "select", "key": "k", "valuesExpression": "选项"},
            "valuesExpression 須以「=」開頭：选项",
            "'valuesExpression' must begin with '=', but is '选项'.",
        ),
        (
            {"type": "datetime", "key": "k", "subtype": "year"},
            "subtype 只能是 date、time、datetime 之一。",
            "'subtype' must be one of date, time, datetime.",
        ),
    ],
)
def test_a_finding_is_told_in_every_language(
    component: dict[str, Any], traditional: str, english: str
) -> None:
    """In the words of Taiwan and in English; what the form says stays as it is written there."""
    found = finding(component)
    assert (found.traditional, found.english) == (traditional, english)
    assert "\ue000" not in found.message
