from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.accounts import AccountBook, AlreadySignedUp, PasswordCost
from tests.actors.small_clinic import CHEAP, SALT

SURROGATE = "\ud800"


@pytest.fixture
def book():
    book = AccountBook(CHEAP)
    book.sign_up("login", "right", SALT)
    return book


def test_the_right_password_opens_and_a_wrong_one_does_not(book):
    assert book.check("login", "right")
    assert not book.check("login", "wrong")
    assert not book.check("login", "")
    assert not book.check("login", "right ")


def test_an_unknown_login_is_refused_with_every_password(book):
    assert not book.has("unknown")
    assert not book.check("unknown", "right")


def test_an_unknown_login_costs_a_hash_like_a_wrong_password(book, monkeypatch):
    hashed = []
    original = AccountBook._hash
    monkeypatch.setattr(AccountBook, "_hash", lambda *args: hashed.append(args) or original(*args))

    book.check("unknown", "right")

    assert len(hashed) == 1


def test_a_login_signs_up_once_and_the_first_password_stays(book):
    with pytest.raises(AlreadySignedUp):
        book.sign_up("login", "another", SALT)

    assert book.has("login")
    assert book.check("login", "right")
    assert not book.check("login", "another")


def test_what_is_kept_is_an_argon2id_hash_and_not_the_password(book):
    (kept,) = book._hashes.values()

    assert kept.startswith("$argon2id$")
    assert "right" not in kept


def test_half_a_character_is_a_password_like_any_other():
    book = AccountBook(CHEAP)
    book.sign_up("login", SURROGATE, SALT)

    assert book.check("login", SURROGATE)
    assert not book.check("login", "?")
    assert not book.check("unknown", SURROGATE)


def test_equal_passwords_with_other_salts_are_kept_differently():
    book = AccountBook(CHEAP)
    book.sign_up("one", "same", SALT)
    book.sign_up("two", "same", SALT[::-1])

    assert len(set(book._hashes.values())) == 2


def test_the_default_cost_is_the_recommended_minimum():
    assert PasswordCost() == PasswordCost(memory_kib=19 * 1024, passes=2)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.text(max_size=20) | st.just(SURROGATE), min_size=2, max_size=3, unique=True))
def test_each_text_is_a_password_of_its_own(passwords):
    for right, wrong in combinations(passwords, 2):
        book = AccountBook(CHEAP)
        book.sign_up("login", right, SALT)

        assert book.check("login", right)
        assert not book.check("login", wrong)
