"""Creating, changing and abolishing posts."""

from typing import Annotated

from canbo.kernel.act import Refers, Terms, action
from canbo.registry import verbs
from canbo.registry.book import ActLine, Book
from canbo.registry.facts import Unit
from canbo.registry.posts.models import Post, PostRecord


class Create(Terms):
    """A new post in a unit."""

    code: Annotated[str, Refers(Post)]
    unit: Annotated[str, Refers(Unit)]
    title: str
    level: str = ""
    managed_by: str = ""
    non_local: bool = False
    seats: int = 1


@action("post.create", introduces=(Post,))
def create(book: Book, act: ActLine, terms: Create) -> None:
    """A post begins, vacant."""
    post = book.new(Post, terms.code, act)
    described = terms.model_dump(include={"title", "level", "managed_by", "non_local", "seats"})
    book.open(PostRecord, act, terms.on, post=post, unit=book.id(Unit, terms.unit), **described)


verbs.closes("post.abolish", PostRecord, by=("post",))
verbs.changes(
    "post.change", PostRecord, by=("post",), to=("unit", "title", "level", "managed_by", "non_local", "seats")
)
verbs.corrects(PostRecord)
