"""The articles behind acts: what an act wrote, and the day on which it took effect, say which ones governed it.

What an opening balance takes over was decided elsewhere and before: no article is given for it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from canbo.kernel.profile import profile
from canbo.registry.documents.models import Registration
from canbo.registry.facts import Decision
from canbo.registry.papers import Ground
from canbo.registry.posts.models import PostRecord
from canbo.rules.articles import Article, articles

POST = "post_id"
"""Where the content of a fact names a post, whose title, level and managing authority count as its own."""
_OF_POSTS = ("title", "level", "managed_by")

Written = tuple[int, int, Mapping[str, Any]]
"""A version as acts wrote it: its fact, the act that asserted it, its content by column."""


@dataclass(frozen=True)
class Cited:
    """An article that governed an act, and the code of its document where the register holds it."""

    article: Article
    document: str


def cited(
    versions: Iterable[Written], grounds: Mapping[int, Ground], known: dt.datetime
) -> dict[tuple[int, int], tuple[Cited, ...]]:
    """The articles by fact and act, as far as there are any; two queries at most, whatever the number of versions."""
    by_act = articles(profile().name)
    written = [
        (fact, act, content)
        for fact, act, content in versions
        if act in grounds and grounds[act].act in by_act and grounds[act].kind != Decision.OPENING
    ]
    posts = _posts({content[POST] for *_, content in written if content.get(POST)}, known)
    found: dict[tuple[int, int], list[Article]] = {}
    for fact, act, content in written:
        ground = grounds[act]
        codes = _post_on(posts.get(content.get(POST), ()), ground.on) | content
        some = [article for article in by_act[ground.act] if article.governs(ground.on, codes)]
        if some:
            found[fact, act] = some
    held = _held({article.document for some in found.values() for article in some}, known)
    return {
        key: tuple(Cited(article, _in_force(held.get(article.document, ()), grounds[key[1]].on)) for article in some)
        for key, some in found.items()
    }


def citing(
    versions: Iterable[Written], grounds: Mapping[int, Ground], known: dt.datetime
) -> dict[tuple[int, int], list[dict[str, Any]]]:
    """The same as answers give it, in the profile's first language; `registered` is the code of the document."""
    return {key: [_told(one) for one in some] for key, some in cited(versions, grounds, known).items()}


def _told(one: Cited) -> dict[str, Any]:
    article = one.article
    said = {"document": article.document, "article": article.article[profile().languages[0]]}
    return said | {"confidence": article.confidence, "registered": one.document or None}


def _posts(posts: set[int], known: dt.datetime) -> dict[int, list[tuple[dt.date | None, dict[str, Any]]]]:
    """What each post was, from which day on, the latest first."""
    found: dict[int, list[tuple[dt.date | None, dict[str, Any]]]] = {}
    rows = PostRecord.objects.known(known).filter(post__in=posts).order_by("-valid") if posts else ()
    for row in rows:
        found.setdefault(row.post_id, []).append((row.valid.lower, {name: getattr(row, name) for name in _OF_POSTS}))
    return found


def _post_on(records: Iterable[tuple[dt.date | None, dict[str, Any]]], on: dt.date) -> dict[str, Any]:
    """What the post was on a day; on the day on which it ends, what it was last."""
    return next((codes for since, codes in records if since is None or since <= on), {})


def _held(symbols: set[str], known: dt.datetime) -> dict[str, list[Registration]]:
    """The documents that the register holds under these symbols."""
    found: dict[str, list[Registration]] = {}
    rows = Registration.objects.known(known).filter(symbol__in=symbols).select_related("document") if symbols else ()
    for row in rows:
        found.setdefault(row.symbol, []).append(row)
    return found


def _in_force(held: Iterable[Registration], on: dt.date) -> str:
    """The code of the one document under a symbol, of several the one in force on the day; else nothing."""
    codes = {row.document.code for row in held}
    if len(codes) > 1:
        codes = {row.document.code for row in held if on in row.valid}
    return codes.pop() if len(codes) == 1 else ""
