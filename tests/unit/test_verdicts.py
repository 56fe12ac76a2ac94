"""What was printed is compared exactly with what is counted."""

from fractions import Fraction

import pytest

from canbo.reports.claims import ABOUT, CUT, EXACT, FAILS, HOLDS, NEARLY, OVER, ROUNDS, Claim, half_up, verdict


def judged(printed, value, relation=EXACT):
    return verdict(Claim(printed=printed, relation=relation), value)


@pytest.mark.parametrize(
    ("printed", "value", "said"),
    [
        pytest.param("8279", 8279, HOLDS, id="a count that is the same"),
        pytest.param("3285", 3320, FAILS, id="a total that its parts exceed"),
        pytest.param("1.0122", Fraction(830, 820), ROUNDS, id="a share that rounds up"),
        pytest.param("1.0138", Fraction(811, 800), ROUNDS, id="an exact tie rounds half up"),
        pytest.param("1.0137", Fraction(811, 800), CUT, id="the same share cut off"),
        pytest.param("1.0136", Fraction(811, 800), FAILS, id="neither rounded nor cut"),
        pytest.param("1", Fraction(1), HOLDS, id="all of them"),
        pytest.param("0.1002", None, FAILS, id="a share of nobody"),
    ],
)
def test_an_exact_claim(printed, value, said):
    assert judged(printed, value) == said


@pytest.mark.parametrize(
    ("relation", "value", "said"),
    [
        pytest.param(NEARLY, Fraction(2484), HOLDS, id="nearly 2,500 is a little less"),
        pytest.param(NEARLY, Fraction(2501), FAILS, id="nearly 2,500 is not more"),
        pytest.param(NEARLY, Fraction(2374), FAILS, id="nearly 2,500 is not far less"),
        pytest.param(ABOUT, Fraction(2625), HOLDS, id="about reaches five in a hundred to both sides"),
        pytest.param(ABOUT, Fraction(2626), FAILS, id="and no further"),
        pytest.param(OVER, Fraction(2501), HOLDS, id="over is more"),
        pytest.param(OVER, Fraction(2500), FAILS, id="over is not the same"),
    ],
)
def test_a_claim_that_is_not_exact(relation, value, said):
    assert judged("2500", value, relation) == said


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [("0.5", 0, "1"), ("-0.5", 0, "-1"), ("1.01375", 4, "1.0138"), ("1.013749", 4, "1.0137"), ("2.675", 2, "2.68")],
)
def test_a_half_rounds_away_from_zero_without_floats(value, places, rounded):
    assert half_up(Fraction(value), places) == Fraction(rounded)
