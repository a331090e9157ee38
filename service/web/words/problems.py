"""Refused form values as the form island takes them: path, field, message in the reader's language."""

from collections.abc import Sequence
from types import MappingProxyType

from service.domain.errors import FieldProblem
from service.forms import sentence
from service.web.words.texts import lazy_gettext

TEXTS = MappingProxyType(
    {
        "required": lazy_gettext("此项必填"),
        "type": lazy_gettext("数据格式不正确，应为%(expected)s"),
        "number": lazy_gettext("请输入数字"),
        "integer": lazy_gettext("请输入整数"),
        "decimal_digits": lazy_gettext("最多保留 %(digits)s 位小数"),
        "increment": lazy_gettext("请输入有效的数值，最接近的是 %(below)s 和 %(above)s"),
        "min": lazy_gettext("不能小于 %(limit)s"),
        "max": lazy_gettext("不能大于 %(limit)s"),
        "min_length": lazy_gettext("至少输入 %(limit)s 个字符"),
        "max_length": lazy_gettext("最多输入 %(limit)s 个字符"),
        "characters": lazy_gettext("不能包含换行或不可见的控制字符"),
        "pattern": lazy_gettext("格式不正确"),
        "email": lazy_gettext("请输入有效的电子邮箱"),
        "phone": lazy_gettext("请输入有效的电话号码"),
        "option": lazy_gettext("请从选项中选择"),
        "repeated_option": lazy_gettext("同一选项不能重复选择"),
        "date": lazy_gettext("请输入有效的日期"),
        "time": lazy_gettext("请输入有效的时间"),
        "datetime": lazy_gettext("请输入有效的日期和时间"),
        "passed_date": lazy_gettext("不能早于今天"),
        "time_interval": lazy_gettext("分钟须为 %(minutes)s 的整数倍"),
        "document_unknown": lazy_gettext("文件不存在或已失效，请重新上传"),
        "document_type": lazy_gettext("文件“%(file_name)s”的类型不在允许范围内（%(accept)s）"),
        "document_count": lazy_gettext("只能上传一个文件"),
        "min_items": lazy_gettext("至少填写 %(limit)s 项"),
        "max_items": lazy_gettext("最多填写 %(limit)s 项"),
        "fixed_items": lazy_gettext("项数固定为 %(limit)s 项，不能增减"),
        "condition": lazy_gettext("填写内容不符合要求"),
        "unknown_key": lazy_gettext("表单中没有“%(key)s”这一项"),
        "hidden_field": lazy_gettext("此项当前不需填写，不能提交"),
        "disabled_field": lazy_gettext("此项已停用，不能提交"),
        "unsettled": lazy_gettext("表单各项的显示条件互相矛盾，无法确定应填写的内容"),
    }
)
"""The sentences of `forms.messages`, as texts that can be translated."""


def field_problems(problems: Sequence[FieldProblem]) -> list[dict[str, object]]:
    """Return the problems of a form as JSON objects."""
    return [
        {"path": problem.path, "field_id": problem.field_id, "message": message_of(problem)}
        for problem in problems
    ]


def message_of(problem: FieldProblem) -> str:
    """Return the sentence at a refused field: the form's own, else ours in the reader's language."""
    if problem.message != sentence(problem.code, problem.facts):
        return problem.message
    return str(TEXTS[problem.code]) % problem.facts
