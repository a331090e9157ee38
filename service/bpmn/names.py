"""What people call an element: its event and its kind, «定时边界事件»."""

from service.bpmn.model import ElementModel
from service.feel import Text

KINDS = {
    "startEvent": Text("开始事件", "start event"),
    "intermediateCatchEvent": Text("中间捕获事件", "intermediate catch event"),
    "intermediateThrowEvent": Text("中间抛出事件", "intermediate throw event"),
    "boundaryEvent": Text("边界事件", "boundary event"),
    "endEvent": Text("结束事件", "end event"),
    "task": Text("任务", "task"),
    "userTask": Text("用户任务", "user task"),
    "serviceTask": Text("服务任务", "service task"),
    "sendTask": Text("发送任务", "send task"),
    "receiveTask": Text("接收任务", "receive task"),
    "scriptTask": Text("脚本任务", "script task"),
    "businessRuleTask": Text("业务规则任务", "business rule task"),
    "manualTask": Text("手工任务", "manual task"),
    "callActivity": Text("调用活动", "call activity"),
    "subProcess": Text("子流程", "sub-process"),
    "transaction": Text("事务子流程", "transaction"),
    "adHocSubProcess": Text("临时子流程", "ad-hoc sub-process"),
    "exclusiveGateway": Text("排他网关", "exclusive gateway"),
    "inclusiveGateway": Text("包容网关", "inclusive gateway"),
    "parallelGateway": Text("并行网关", "parallel gateway"),
    "complexGateway": Text("复杂网关", "complex gateway"),
    "eventBasedGateway": Text("事件网关", "event-based gateway"),
    "process": Text("流程", "process"),
}
EVENTS = {
    "message": Text("消息", "message"),
    "timer": Text("定时", "timer"),
    "signal": Text("信号", "signal"),
    "conditional": Text("条件", "conditional"),
    "error": Text("错误", "error"),
    "escalation": Text("升级", "escalation"),
    "compensate": Text("补偿", "compensation"),
    "cancel": Text("取消", "cancel"),
    "link": Text("链接", "link"),
    "terminate": Text("终止", "terminate"),
}
EVENT_SUB_PROCESS = Text("事件子流程", "event sub-process")
FLOW = Text("连线", "sequence flow")


def named(element: ElementModel | None) -> Text:
    """Return what an element is; None stands for a sequence flow."""
    if element is None:
        return FLOW
    if element.is_triggered_by_event:
        return EVENT_SUB_PROCESS
    kind = KINDS[element.kind]
    events = [EVENTS[definition.kind] for definition in element.events]
    marked = "、".join(event.marked for event in events)
    english = " and ".join(event.english for event in events)
    return Text(f"{marked}{kind}", f"{english} {kind:en}".lstrip())
