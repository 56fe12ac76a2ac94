"""What a publication prints: a document of the register, and each number it states as a claim that verdicts read.

A block says: `unit` (whose figures), `as_of` (the day they are of), `publication` (a document as in the block
`documents`) and `claims`: figure → [printed, relation], the figure by its path under the unit.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from canbo.kernel.periods import Partial
from canbo.registry.ledger import Paper
from canbo.sample.series import entered
from canbo.sample.story import Acts, Decided, World, flat, teller
from canbo.sample.tellers.documents import registered


@teller("claims")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """The publication is entered with everything it claims."""
    publication = said["publication"]
    code, acts = registered(world, {}, publication)
    claims: Acts = [
        ("claim.record", _claim(figure, printed) | {"on": said["as_of"], "unit": said["unit"], "document": code})
        for figure, printed in flat(said["claims"]).items()
    ]
    # A month without a day counts from its first; the article was there at its end at the latest.
    appeared = Partial.of(str(publication["since"]))
    paper = Paper(symbol=publication["symbol"], signed_on=appeared.first, code=code)
    yield Decided(entered(world, max(appeared.first, said["as_of"])), paper, [*acts, *claims])


def _claim(figure: str, printed: Any) -> dict[str, str]:
    """`0.1002` is claimed exactly, `{about: 2500}` and `{over: 0.05}` are not: flattened, the relation ends a path."""
    path, _, last = figure.rpartition(".")
    if last in ("about", "over"):
        return {"figure": path, "printed": str(printed), "relation": last}
    return {"figure": figure, "printed": str(printed), "relation": "exact"}
