"""The watch over the pages sees what it is for: each thing that no page may do is done once."""

import pytest

from tests.browser.machine import DESKTOP
from tests.browser.watch import Watch

pytestmark = pytest.mark.browser

FAULTS = {
    "asks another machine: http://192.0.2.1/x.png": "location = 'http://192.0.2.1/x.png'",
    "script: lost": "setTimeout(() => { throw 'lost' })",
    "error on": "console.error('lost')",
    "Content Security Policy": "document.body.setAttribute('style', 'color: red')",
}


@pytest.mark.parametrize("said", FAULTS)
def test_what_no_page_may_do_is_seen(browser, province, said):
    context = browser.new_context(viewport=DESKTOP)
    watch = Watch(context, province)
    page = context.new_page()
    page.goto(province)
    assert watch.faults == []
    page.evaluate(FAULTS[said])
    page.wait_for_timeout(200)
    context.close()
    assert any(said in fault for fault in watch.faults), watch.faults


def test_a_page_that_refuses_is_no_fault(watched, province):
    page = watched(province).context.new_page()
    assert page.goto(f"{province}/no/such/page").status == 404


def test_more_clicks_than_the_budget_fail(officer):
    def walk():
        with officer("Mai", clicks=0) as mai:
            mai.opens("/")
            mai.follows("Canbo")

    with pytest.raises(AssertionError, match="Mai clicked 1 times and filled 0 fields; the budget is 0 and 0"):
        walk()
