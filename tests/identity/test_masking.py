"""Personal data as lists and reports show it (XC-P-4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.identity import mask_email, mask_name, mask_phone


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "*******5678"),
        ("+86 138-1234-5678", "+** ***-****-5678"),
        ("0571-88886666", "****-****6666"),
        ("12345", "*2345"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_a_phone_number_keeps_its_last_four_digits(phone: str, masked: str) -> None:
    """Separators stay; a number too short to hide anything is hidden whole."""
    assert mask_phone(phone) == masked


@given(st.text("0123456789+-() ", max_size=30))
def test_a_masked_phone_never_shows_more_than_four_digits(phone: str) -> None:
    """Whatever was typed, the shape stays and at most four digits are readable."""
    masked = mask_phone(phone)

    assert len(masked) == len(phone)
    assert sum(char.isdigit() for char in masked) <= 4


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王*先生/女士"),
        (" 李雷 ", "李*先生/女士"),
        ("欧阳娜娜", "欧阳*先生/女士"),
        ("新华图书城", "新华图书城"),
        ("古丽·买买提", "古*先生/女士"),
        ("欧阳", "欧*先生/女士"),
        ("李知行", "李*先生/女士"),
        ("Anna Berg", "A*先生/女士"),
        ("杭州晨光文具有限公司", "杭州晨光文具有限公司"),
        ("西湖区实验小学", "西湖区实验小学"),
        ("城南文具店", "城南文具店"),
        ("", ""),
    ],
)
def test_a_persons_name_is_masked_and_an_organization_is_not(name: str, masked: str) -> None:
    """The surname stays, with two characters when it is a compound one."""
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [("wang@example.com", "w***@example.com"), ("@example.com", "***@example.com"), ("x", "***")],
)
def test_a_mail_address_keeps_its_first_character_and_domain(address: str, masked: str) -> None:
    """Enough to recognize, too little to write to."""
    assert mask_email(address) == masked
