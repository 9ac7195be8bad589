"""What is a telephone number, as people and shops write one, and what is none."""

import pytest

from customers.people.text import normalise_phone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("090-1234-5678", "+819012345678"),
        ("０３（１２３４）５６７８", "+81312345678"),
        ("090\u22121234\u22125678", "+819012345678"),
        ("+81 (0)90-1234-5678", "+819012345678"),
        ("TEL：03-1234-5678", "+81312345678"),
        ("tel:+81-3-1234-5678", "+81312345678"),
        ("03-1234-5678 内線 12", "+81312345678"),
        ("03-1234-5678 ext. 12", "+81312345678"),
        ("090-1234-5678(携帯)", "+819012345678"),
        ("0120-123-456（フリーダイヤル）", "+81120123456"),
        ("フリーダイヤル0120-123-456", "+81120123456"),
        ("03-1234-5678 (代)", "+81312345678"),
    ],
)
def test_words_beside_a_number_leave_it_a_number(typed, number):
    assert normalise_phone(typed, "JP") == number


@pytest.mark.parametrize(
    "typed",
    [
        "090-XXXX-XXXX",
        "090-xxxx-5678",
        "０９０－ＸＸＸＸ－ＸＸＸＸ",
        "090-****-5678",
        "090-◯◯◯◯-5678",
        "0120-フリーダイヤル",
        "1-800-FLOWERS",
        "9.01E+10",
        "なし",
        "",
    ],
)
def test_letters_and_marks_in_place_of_digits_make_no_number(typed):
    assert normalise_phone(typed, "JP") == ""
