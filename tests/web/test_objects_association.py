"""The second profile has all these pages in its own words, and none of the first one's."""

import re

import pytest
from django.test import Client

from canbo.kernel.profile import load
from canbo.registry.facts import Person
from canbo.registry.membership.models import Dues
from canbo.registry.posts.models import Post
from canbo.registry.service.models import Incumbency
from tests.web.test_objects import plain, text

pytestmark = pytest.mark.database

FOREIGN = re.compile(
    r"\b(party|politburo|cadre|partei|kader)\b|[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE
)


def pages() -> list[str]:
    """A page of every kind that the association has."""
    held = Incumbency.objects.filter(recorded__upper_inf=True).select_related("post", "person").order_by("fact").first()
    top = "wayside"
    return [f"/unit/{top}", f"/person/{held.person.code}", f"/post/{held.post.code}",
            f"/record/incumbency/{held.fact}", f"/why/post/{held.post.code}", f"/report/term/{top}",
            f"/report/year/{top}/members"]  # fmt: skip


def test_an_association_reads_its_pages_in_its_own_words(member: Client):
    assert Person.objects.exists()
    assert Post.objects.exists()
    for language in load("association").languages:
        for address in pages():
            page = plain(text(member, f"{address}?on=2024-05-01&lang={language}"))
            page = page.replace("Tiếng Việt", "")
            assert not FOREIGN.search(page), (address, FOREIGN.search(page))


def test_the_statutes_of_the_day_stand_behind_an_act(member: Client):
    for year, bylaws, code in ((2022, "Dues Bylaws of 2016", "2016.2016"), (2024, "Dues Bylaws of 2023", "2023.2023")):
        paid = Dues.objects.filter(valid__startswith__year=year).order_by("fact").first()
        page = text(member, f"/why/dues/{paid.fact}?lang=en")
        assert f'href="/document/wayside.dues-bylaws-of-{code}">{bylaws}</a>, § 2, who owes dues' in page


def test_titles_and_kinds_are_words_and_not_codes(member: Client):
    held = Incumbency.objects.filter(recorded__upper_inf=True).select_related("post").order_by("fact").first()
    page = plain(text(member, f"/post/{held.post.code}?lang=en"))
    title = load("association").word(f"post_title.{held.post.records.first().title}", "en")
    assert title[:1].upper() + title[1:] in page
