"""Words for samples and papers that change hands (XC-DOC-2)."""

ITEM_KINDS = ("样品", "传真件", "发票", "其他")
"""What an item can be."""

OUTCOMES = ("归还客户", "归档", "销毁", "遗失")
"""How its way can end."""
