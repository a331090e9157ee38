"""The deploy gate's door: runs every rule over a file."""

from service.bpmn import rules
from service.bpmn.gate import RULES, Known, Scene
from service.bpmn.model import BpmnFile
from service.domain.errors import Finding

__all__ = ["check", "rules"]


def check(file: BpmnFile, known: Known) -> tuple[Finding, ...]:
    """Return all that is wrong with a file, in the order of its lines; errors refuse it.

    Args:
        file: What was read.
        known: What it may refer to.
    """
    scene = Scene(file, known)
    found = [finding for rule in RULES.values() for finding in rule(scene)]
    return tuple(sorted(found, key=lambda finding: (finding.line or 0, finding.rule)))
