"""The sentences at a refused field, the same as the browser shows."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from service.domain.errors import FieldProblem

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "required": "此项必填",
        "type": "数据格式不正确，应为{expected}",
        "number": "请输入数字",
        "integer": "请输入整数",
        "decimal_digits": "最多保留 {digits} 位小数",
        "increment": "请输入有效的数值，最接近的是 {below} 和 {above}",
        "min": "不能小于 {limit}",
        "max": "不能大于 {limit}",
        "min_length": "至少输入 {limit} 个字符",
        "max_length": "最多输入 {limit} 个字符",
        "characters": "不能包含换行或不可见的控制字符",
        "pattern": "格式不正确",
        "email": "请输入有效的电子邮箱",
        "phone": "请输入有效的电话号码",
        "option": "请从选项中选择",
        "repeated_option": "同一选项不能重复选择",
        "date": "请输入有效的日期",
        "time": "请输入有效的时间",
        "datetime": "请输入有效的日期和时间",
        "passed_date": "不能早于今天",
        "time_interval": "分钟须为 {minutes} 的整数倍",
        "document_unknown": "文件不存在或已失效，请重新上传",
        "document_type": "文件“{file_name}”的类型不在允许范围内（{accept}）",
        "document_count": "只能上传一个文件",
        "min_items": "至少填写 {limit} 项",
        "max_items": "最多填写 {limit} 项",
        "fixed_items": "项数固定为 {limit} 项，不能增减",
        "condition": "填写内容不符合要求",
        "unknown_key": "表单中没有“{key}”这一项",
        "hidden_field": "此项当前不需填写，不能提交",
        "disabled_field": "此项已停用，不能提交",
        "unsettled": "表单各项的显示条件互相矛盾，无法确定应填写的内容",
    }
)
"""Code → sentence; `{name}` stands for a fact."""


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """Return what is said at a field whose form has no wording of its own."""
    return TEXTS[code].format_map(dict(facts))


def problem(
    code: str,
    path: tuple[str | int, ...],
    field_id: str | None,
    facts: Mapping[str, Any],
    message: str = "",
) -> FieldProblem:
    """Return a refused value with its sentence; `message` is a form's own wording."""
    return FieldProblem(
        path=".".join(str(step) for step in path),
        code=code,
        message=message or sentence(code, facts),
        field_id=field_id,
        facts=dict(facts),
    )
