"""Acts that a file says in so many words: `{paper: {symbol, signed_on, …}, known: day, acts: [{name: {terms}}, …]}`."""

from collections.abc import Iterator, Mapping
from typing import Any

from canbo.registry.ledger import Paper
from canbo.sample.series import entered
from canbo.sample.story import Decided, World, teller


@teller("acts")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """One decision with these acts."""
    acts = [next(iter(act.items())) for act in said["acts"]]
    paper = Paper(**said["paper"])
    yield Decided(entered(world, said.get("known", paper.signed_on), hour=7), paper, acts)
