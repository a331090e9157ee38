"""What incidents call the attributes of diagrams in English."""

from service.engine.attribute_names import in_english


def test_an_attribute_is_named_with_whose_it_is() -> None:
    """What follows the name in the Chinese is the diagram's own word and stays."""
    assert in_english("受理人") == "the assignee"
    assert in_english("决策 id") == "the decision id"
    assert in_english("输入映射 amount") == "the input mapping 'amount'"
    assert in_english("某个属性 x") == "the expression 'x'"
