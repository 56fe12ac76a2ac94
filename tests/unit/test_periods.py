"""Dates as people write them."""

import datetime as dt

import pytest

from canbo.kernel.periods import Partial, birthday, months_between


@pytest.mark.parametrize(
    ("written", "first", "after"),
    [
        ("2021", dt.date(2021, 1, 1), dt.date(2022, 1, 1)),
        ("2021-12", dt.date(2021, 12, 1), dt.date(2022, 1, 1)),
        ("2020-02-29", dt.date(2020, 2, 29), dt.date(2020, 3, 1)),
    ],
)
def test_a_partial_date_spans_what_it_names(written, first, after):
    read = Partial.of(written)
    assert (read.first, read.after, str(read)) == (first, after, written)


@pytest.mark.parametrize("written", ["2021-13", "2021-02-29", "03/2021", "", "20210301", "2021-3"])
def test_what_is_no_date_is_refused_in_words(written):
    with pytest.raises(ValueError, match="is not a date"):
        Partial.of(written)


def test_a_leap_day_has_its_birthday_on_the_28th():
    assert birthday(dt.date(2024, 2, 29), 1) == dt.date(2023, 2, 28)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (dt.date(2021, 1, 1), dt.date(2024, 4, 30), 40),
        (dt.date(2021, 1, 1), dt.date(2024, 5, 1), 40),
        (dt.date(2021, 1, 1), dt.date(2021, 1, 30), 0),
        (dt.date(2021, 1, 15), dt.date(2021, 2, 14), 1),
    ],
)
def test_months_are_counted_whole(first, last, months):
    assert months_between(first, last) == months
