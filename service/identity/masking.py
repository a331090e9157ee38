"""Personal data of customers as lists and reports show it (XC-P-4)."""

from re import compile as compile_pattern

_VISIBLE_DIGITS = 4
_ORGANIZATION_LENGTH = 4
_LONGEST_PERSON = 4
_HAN = compile_pattern(r"[㐀-鿿·]+\Z")
_ORGANIZATION = compile_pattern(
    r"公司|集团|企业|商行|商店|超市|工厂|门店|书店|学校|小学|中学|大学|学院|幼儿园|医院|银行|酒店"
    r"|合作社|事务所|研究院|研究所|委员会|中心|协会|[厂店行局社院部校]\Z"
)
# fmt: off
_COMPOUND_SURNAMES = frozenset({
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "皇甫",
    "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文", "轩辕", "端木", "百里", "东郭",
    "闻人", "申屠", "太史", "呼延", "澹台", "钟离", "鲜于", "濮阳", "淳于", "单于",
    "公冶", "宗政", "赫连",
})
# fmt: on


def mask_phone(phone: str) -> str:
    """Return a phone number with its last four digits visible, the earlier ones as `*`.

    Everything that is no digit stays. A number of four digits or fewer is hidden whole.

    Source: XC-P-4.
    """
    digits = sum(char.isdigit() for char in phone)
    hidden = digits - _VISIBLE_DIGITS if digits > _VISIBLE_DIGITS else digits
    shown: list[str] = []
    for char in phone:
        is_hidden = char.isdigit() and hidden > 0
        hidden -= char.isdigit()
        shown.append("*" if is_hidden else char)
    return "".join(shown)


def mask_name(name: str) -> str:
    """Return a person's name as surname and `*先生/女士`.

    «王小明» gives «王*先生/女士», «欧阳娜娜» «欧阳*先生/女士», «Anna Berg» «A*先生/女士». An
    organization's name is no personal data and stays: a text of at least four characters that holds
    a word such as 公司, 学校, 中心, or ends in 厂 店 行 局 社 院 部 校, or has more Chinese characters
    than a person's name (four, with a compound surname; names joined by · are persons). When in
    doubt, masked.
    Empty stays empty.

    Source: XC-P-4.
    """
    name = name.strip()
    if not name or (_ORGANIZATION.search(name) and len(name) >= _ORGANIZATION_LENGTH):
        return name
    if _HAN.match(name) and "·" not in name and len(name) > _LONGEST_PERSON:
        return name
    is_compound = _HAN.match(name) and name[:2] in _COMPOUND_SURNAMES and len(name) > len("欧阳")
    return f"{name[:2] if is_compound else name[:1]}*先生/女士"


def mask_email(address: str) -> str:
    """Return a mail address with the first character of its local part and its domain visible.

    Source: XC-P-4, for a field that it does not name.
    """
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***{at}{domain}" if at else "***"
