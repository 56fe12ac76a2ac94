"""Documents of the register: those that a file lists, and so many more of a type as have to be counted.

Each is entered by a paper that is the document itself: the same symbol, and its code as the code of the decision. A
block says:

    issuer: provincial-party      # label or code of the unit; a document may name another one
    prefix: dien-bien             # begins the codes; the file's name by default
    suffix: /TU                   # documents of this ending share number series with those invented
    ended_by: [replaces]          # links that end what they point to
    listed:
      - {symbol: 04-NQ/TU, issued: 2021-06-30, type: resolution, body: standing-committee, term: 2020-2025,
         title: …, subjects: [organisation], links: {implements: [tw.35-ct-tw.2024]}, counts: path}
    counted:
      - {count: documents_issued_since_2021.plan, symbol: "{number:02}-KH/TU", last: 150, period: [2021-01-04, …],
         type: plan, body: standing-committee, term: 2020-2025, subjects: [organisation], titles: ["… {year}"]}

`issued` is the day on the document where it is known; `since` the day of effect, where it is another one or only its
month or year is known. A listed document that `counts` towards a number to fit is one of those: the others are fewer.
One told `elsewhere`, by the block whose acts it decides, stands here for its number.
"""

import datetime as dt
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from canbo.kernel.periods import Partial
from canbo.registry.ledger import Paper
from canbo.sample.series import SATURDAY, entered, unit_of
from canbo.sample.story import Acts, Decided, World, teller
from canbo.sample.tellers.bodies import counted
from canbo.sample.territory import slug

OWN = ("type", "body", "term", "title", "subjects")
"""What a document of a block says of itself as the act has it."""

Said = Mapping[str, Any]


@teller("documents")
def tell(world: World, said: Said) -> Iterator[Decided]:
    """The listed documents and the counted ones."""
    listed = said.get("listed", ())
    for document in listed:
        if not document.get("elsewhere"):
            yield entry(world, said, document)
    taken: dict[str, set[int]] = defaultdict(set)
    for document in listed:
        taken[_ending(document["symbol"])].add(_number(document["symbol"]))
    already = Counter(document.get("counts") for document in listed)
    chance = world.chance(f"documents {said.get('prefix', '')}")
    for more in said.get("counted", ()):
        count = max(0, counted(world, more["count"]) - already[more["count"]])
        anchors = _anchors(listed, more)
        for document in _invented(more, count, anchors, taken[_ending(more["symbol"])], chance):
            yield entry(world, said, document)


def entry(world: World, said: Said, document: Said, more: Acts = ()) -> Decided:
    """The paper that is the document: it enters itself, and decides `more` acts."""
    code, acts = registered(world, said, document)
    signed = document.get("issued") or _since(document).first
    paper = Paper(symbol=document["symbol"], signed_on=signed, code=code)
    # In the morning: what rests on a document the same day comes after it.
    return Decided(entered(world, signed, hour=8), paper, [*acts, *more])


def registered(world: World, said: Said, document: Said) -> tuple[str, Acts]:
    """The code of a document and the acts that enter it with its links."""
    on = _since(document)
    prefix = said.get("prefix", world.name)
    code = document.get("code") or f"{prefix}.{slug(document['symbol'])}.{on.first.year}"
    terms = {key: document[key] for key in OWN if key in document} | {
        "on": on,
        "code": code,
        "issuer": unit_of(world, document.get("issuer", said.get("issuer"))),
        "symbol": document["symbol"],
        "number": _number(document["symbol"]),
        "issued_on": document.get("issued"),
        "decides": code,
    }
    acts: Acts = [("document.register", terms)]
    for relation, targets in document.get("links", {}).items():
        for target in targets:
            link = {"on": on, "unit": terms["issuer"], "document": code, "target": target, "relation": relation}
            acts.append(("document.link", link))
            if relation in said.get("ended_by", ()):
                acts.append(("document.end", {"on": on, "document": target}))
    return code, acts


def _since(document: Said) -> Partial:
    """The day of effect, as exactly as it is known."""
    return Partial.of(str(document.get("since") or document["issued"]))


def _number(symbol: str) -> int | None:
    """The number a symbol begins with, if it does."""
    digits = re.match(r"\d+", symbol)
    return int(digits[0]) if digits else None


def _ending(symbol: str) -> str:
    """What follows the number: the series in which numbers are given."""
    return re.sub(r"^(\d+|\{number[^}]*\})", "", symbol)


def _anchors(listed: Sequence[Said], more: Said) -> list[tuple[int, dt.date]]:
    """Numbers of the same series whose day is known, between the ends of the period, so that numbers rise with days."""
    first, last = more["period"]
    known = [
        (_number(d["symbol"]), d["issued"])
        for d in listed
        if "issued" in d and _ending(d["symbol"]) == _ending(more["symbol"]) and first <= d["issued"] <= last
    ]
    return sorted([(0, first), *known, (more["last"] + 1, last)])


def _invented(
    more: Said, count: int, anchors: Sequence[tuple[int, dt.date]], taken: set[int], chance: random.Random
) -> Iterator[Said]:
    """So many documents of a series under free numbers, each dated between the known ones around its number."""
    free = [number for number in range(1, more["last"] + 1) if number not in taken]
    # Hidden numbers to fit may be larger than the series of the file: it goes on then.
    free += range(more["last"] + 1, more["last"] + 1 + max(0, count - len(free)))
    for order, number in enumerate(sorted(chance.sample(free, count))):
        taken.add(number)
        day = _dated(number, anchors)
        title = more["titles"][order % len(more["titles"])].format(year=day.year, quarter=(day.month + 2) // 3)
        symbol = more["symbol"].format(number=number)
        yield {key: more[key] for key in OWN if key in more} | {
            "symbol": symbol, "issued": day, "title": title,
        }  # fmt: skip


def _dated(number: int, anchors: Sequence[tuple[int, dt.date]]) -> dt.date:
    """A working day between those of the next lower and the next higher number that is dated."""
    below, since = max(anchor for anchor in anchors if anchor[0] <= number)
    above, until = min((anchor for anchor in anchors if anchor[0] > number), default=anchors[-1])
    part = (number - below) / max(1, above - below)
    day = since + (until - since) * min(part, 1)
    if day.weekday() >= SATURDAY:
        day += dt.timedelta(days=7 - day.weekday())
    return min(day, anchors[-1][1])
