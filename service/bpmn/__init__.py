"""BPMN files: bytes -> model, and the deploy gate that says what is wrong with them."""

from service.bpmn.checking import check
from service.bpmn.gate import Known
from service.bpmn.model import (
    EMBEDDED,
    BpmnFile,
    ElementModel,
    ProcessModel,
    embedded_form_id,
    split_list,
)
from service.bpmn.names import named
from service.bpmn.parts import (
    LINKED_FORM,
    WAITED_FOR,
    EventDefinition,
    FlowModel,
    Loop,
    Reference,
    StandardLoop,
    VariableMapping,
    ZeebeTag,
)
from service.bpmn.reader import parse
from service.bpmn.references import Use, not_deployed, uses

__all__ = [
    "EMBEDDED",
    "LINKED_FORM",
    "WAITED_FOR",
    "BpmnFile",
    "ElementModel",
    "EventDefinition",
    "FlowModel",
    "Known",
    "Loop",
    "ProcessModel",
    "Reference",
    "StandardLoop",
    "Use",
    "VariableMapping",
    "ZeebeTag",
    "check",
    "embedded_form_id",
    "named",
    "not_deployed",
    "parse",
    "split_list",
    "uses",
]
