"""Complex gateways: what joins must say when."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.domain.errors import Finding


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every complex gateway with several incoming flows and no activation condition.

    Source: BPMN 2.0.2 §13.4.5.
    """
    for _, element in scene.elements:
        if element.kind != "complexGateway" or len(element.incoming) < 2:
            continue
        if not element.activation_condition:
            yield scene.error(
                "complex_gateways",
                f"复杂网关 {called(element)} 有多条入线，但没有激活条件，不知道等到何时。",
                advice="写上 activationCondition，例如 =activationCount >= 2。",
                element_id=element.id,
                line=element.line,
            )
