"""The attributes of diagrams that incidents speak of, in English; the engine names them in Chinese.

Each failure of an element carries both texts; what an incident keeps is told in the reader's language.
"""

from collections.abc import Mapping

from service.feel import verbatim

NAMES: Mapping[str, str] = {
    "作业": "the job",
    "作业优先级": "the priority of the job",
    "作业类型": "the type of the job",
    "输入映射": "the input mapping",
    "输入集合": "the input collection",
    "输出元素": "the output element",
    "输出映射": "the output mapping",
    "条件": "the condition",
    "激活条件": "the activation condition",
    "循环条件": "the loop condition",
    "多实例次数": "the number of instances",
    "完成条件": "the completion condition",
    "定时": "the timer",
    "资源 id": "the resource id",
    "业务标识": "the business id",
    "脚本": "the script",
    "决策 id": "the decision id",
    "版本标签": "the version tag",
    "表单 id": "the form id",
    "外部表单": "the external form",
    "被调用流程": "the called process",
    "错误代码": "the error code",
    "升级代码": "the escalation code",
    "信号名": "the signal name",
    "消息名": "the message name",
    "消息关联键": "the correlation key",
    "监听器类型": "the type of the listener",
    "重试次数": "the retries",
    "要启动的活动": "the activities to start",
    "受理人": "the assignee",
    "候选组": "the candidate groups",
    "候选人": "the candidate users",
    "截止时间": "the due date",
    "跟进时间": "the follow-up date",
    "优先级": "the priority",
}
"""Chinese name -> English name. What follows a name after a space (of a flow, a target) is the diagram's."""


def marked(what: str) -> str:
    """Return the Chinese name of an attribute for a `Text`: what follows it is the diagram's own."""
    name, space, whose = what.partition(" ")
    return what if what in NAMES or not space else f"{name} {verbatim(whose)}"


def in_english(what: str) -> str:
    """Return the English name of an attribute, with what follows it."""
    if what in NAMES:
        return NAMES[what]
    name, _space, whose = what.partition(" ")
    # An incident is told in any case; a test holds that every name is known.
    return f"{NAMES.get(name, 'the expression')} '{whose}'"
