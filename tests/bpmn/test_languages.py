"""Whatever is found in a diagram is said in Simplified Chinese, Traditional Chinese and English."""

from service.feel import Text


def test_words_of_diagrams_are_those_of_taiwan() -> None:
    """Not each sign by itself; and what can be executed has no rows."""
    told = Text("可执行的流程，默认出线，用户任务，AI 智能体，并行并合并", "")
    assert told.traditional == "可執行的流程，預設出線，使用者任務，AI 代理程式，並行並合併"
