"""The same drawing with other work: the user tasks that are jobs are for people."""

import re

HEAD = "<bpmn:extensionElements>"
FOR_PEOPLE = "<zeebe:userTask />"
TASK = re.compile(r'(<bpmn:userTask id="(\w+)"[^>]*>)(.*?)(</bpmn:userTask>)', re.DOTALL)


def handed_over(file: bytes) -> tuple[bytes, set[str]]:
    """Return a file in which all user tasks are for people, and the ids of those that were not."""
    changed: set[str] = set()

    def hand_over(found: re.Match[str]) -> str:
        tag, id_, inner, end = found.groups()
        if "<zeebe:userTask" in inner:
            return found[0]
        changed.add(id_)
        if inner.startswith(HEAD):
            return tag + inner.replace(HEAD, HEAD + FOR_PEOPLE, 1) + end
        return f"{tag}{HEAD}{FOR_PEOPLE}</bpmn:extensionElements>{inner}{end}"

    return TASK.sub(hand_over, file.decode()).encode(), changed
