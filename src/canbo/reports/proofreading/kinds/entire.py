"""Shares said to be of all: *228, which is 37.5 % of the membership*; and shares that a small base cannot give.

Where the words say *of all*, *of the total*, the whole is the total of that kind, never one of its parts.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.bag import Clause, clause_of, counted, head
from canbo.reports.proofreading.language import COUNT
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import FAILS, GOOD, IMPOSSIBLE, judge, possible
from canbo.reports.proofreading.wholes import nouns, stems

BACK, SMALL, LOOSE, WORDS = 8, 12, Fraction(1, 50), 2
"""How many sentences back a total is looked for; the largest base and the least distance of an impossible share."""


def entire(page: Page) -> Iterator[Claim]:
    """Every share of all, and every share of a few that no count gives."""
    for here, sentence in enumerate(page.sentences):
        for share in page.open_shares(sentence):
            clause = clause_of(sentence, share)
            earlier = page.sentences[max(0, here - BACK) : here]
            made = _of_all(page, clause, earlier) if clause.tail_begins("allof") else None
            few = clause.tail_begins("ofthem", "bearing") or sentence.says("ofwhich", clause.begin, share.start)
            if not made and few:
                made = _of_few(page, clause, earlier[-1:])
            if made:
                yield made


def _of_all(page: Page, clause: Clause, earlier: list[Sentence]) -> Claim | None:
    sentence, share = clause.sentence, clause.number
    before = [one for one in counted(sentence) if one.end <= sentence.start + clause.begin + len(clause.lead) + 1]
    close = clause.sign == "\ue000" and len(clause.lead.split()) <= WORDS
    numbered = sentence.shadow[clause.end : clause.end + 1] == COUNT
    numbered = numbered or ";" in sentence.shadow[: share.start]
    if len(before) != 1 or numbered or not (close or clause.concludes()) or share.hedge:
        return None
    part = before[0]
    named = stems(sentence, clause.tail, all_=True) or head(part)
    people = sentence.says("people", share.end, clause.end) or clause.says("everyone")
    larger = [one for other in earlier for one in counted(other) if one.number.value >= part.number.value]
    totals = [one for one in larger if _counts(one, named, people) and not _divided(one)]
    same = [one for one in larger if head(part) & head(one) and not _divided(one)]
    totals = same or totals
    values = {one.number.value for one in totals}
    if len(values) != 1:
        return None
    whole = totals[0].number
    value = part.number.value / whole.value
    verdict = judge(share, value, part.number, whole)
    scoped = _words(sentence, clause.tail) - _words(sentence, totals[0].sentence.text)
    if verdict in GOOD or (verdict == FAILS and not scoped and not clause.says("up", "down", "exceed", "short")):
        return claim(page, "share_of_total", Place(sentence, share), value, verdict, part)
    return None


def _words(sentence: Sentence, said: str) -> set[str]:
    """The beginnings of the words of a stretch, without those that say *all*."""
    for cue in ("allof", "everyone", "filler", "copula"):
        said = re.sub(sentence.words.cues[cue], " ", said, flags=re.IGNORECASE)
    stop = set(map(str, sentence.words.words("stop"))) if sentence.words.code != "vi" else set()
    return {word[:6] for word in re.findall(r"[^\W\d_]+", said.lower()) if word not in stop}


def _counts(place: Place, named: frozenset[str], people: bool) -> bool:
    """Whether a count counts what the words name, or people where they name people."""
    sentence, end = place.sentence, place.number.end
    person = sentence.says("people", end, min(len(sentence.shadow), end + 24))
    return bool(named & (nouns(sentence, place.number) | head(place))) or (people and person)


def _divided(place: Place) -> bool:
    """Whether a count is itself told as a part: *608 of them*, *trong đó 3.024*."""
    clause = clause_of(place.sentence, place.number)
    inner = any(place.sentence.says(cue, clause.begin, place.number.start) for cue in ("ofwhich", "ofthem"))
    behind = re.match(rf"\W*(?:{place.sentence.words.cues['ofwhich']})", clause.tail, re.IGNORECASE)
    return inner or bool(behind) or clause.tail_begins("ofthem", "ofwhich") or clause.sign == "("


def _of_few(page: Page, clause: Clause, earlier: list[Sentence]) -> Claim | None:
    """*has five members; 30 % of them …*: the only count before a share, and so few that none of them gives it."""
    sentence, share = clause.sentence, clause.number
    spelled = [Place(sentence, one) for one in sentence.all() if one.end <= share.start]
    if not spelled and clause.tail_begins("ofthem") and len(sentence.shadow[: share.start].split()) <= WORDS:
        spelled = [Place(one, each) for one in earlier if not page.closed(one) for each in one.all()]
    if len(spelled) != 1 or not 1 < spelled[0].number.value <= SMALL or len(sentence.all()) > 1:
        return None
    base = spelled[0]
    lead = clause.lead and not clause.tail_begins("ofthem") and not clause.concludes("ofwhich", "combined")
    apart = base.sentence is sentence and clause.sign not in (",", ";", "(", "–", "—")
    nearest = round(share.value * base.number.value) / base.number.value
    if (
        abs(nearest - share.value) <= LOOSE
        or lead
        or apart
        or base.number.hedge
        or possible(share, whole=base.number.value)
    ):
        return None
    here = [base] if base.sentence is sentence else []
    return claim(page, "share", Place(sentence, share), None, IMPOSSIBLE, *here)
