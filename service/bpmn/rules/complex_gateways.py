"""Complex gateways: what joins must say when."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.domain.errors import Finding
from service.feel import Text

WRITE_CONDITION = Text(
    "写上 activationCondition，例如 =activationCount >= 2。",
    "Write an activationCondition, such as =activationCount >= 2.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every complex gateway with several incoming flows and no activation condition.

    Source: BPMN 2.0.2 §13.4.5.
    """
    for _, element in scene.elements:
        if element.kind != "complexGateway" or len(element.incoming) < 2:
            continue
        if not element.activation_condition:
            name = called(element)
            yield scene.error(
                "complex_gateways",
                Text(
                    f"复杂网关 {name} 有多条入线，但没有激活条件，不知道等到何时。",
                    f"The complex gateway {name:en} has several incoming sequence flows, but no activation "
                    "condition: it is not known how long it waits.",
                ),
                advice=WRITE_CONDITION,
                element_id=element.id,
                line=element.line,
            )
