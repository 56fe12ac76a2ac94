"""Recall and precision of the proofreader over a folder of sentences: `python -m tests.proofreading.score FOLDER`."""

import argparse
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from canbo.reports.proofreading.claims import Claim
from canbo.reports.proofreading.proofread import proofread

CLASSES = {"fails": "error", "impossible": "error", "unclear": "unclear"}


@dataclass
class Score:
    """What was expected, found and matched of one class of verdicts."""

    expected: int = 0
    found: int = 0
    hit: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.hit / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


def class_of(verdict: str) -> str:
    return CLASSES.get(verdict, "ok")


def _span(text: str, quote: str) -> tuple[int, int]:
    quote = unicodedata.normalize("NFC", quote)
    start = text.find(quote)
    if start < 0:
        start = text.find(quote.split(" … ")[0].split("…")[0].strip())
    return max(start, 0), max(start, 0) + len(quote)


def scores(folder: Path, languages: tuple[str, ...] = ("vi", "en", "de")) -> dict[tuple[str, str], Score]:
    """The scores by language and class, and under the language `all`."""
    made = {(language, name): Score() for language in (*languages, "all") for name in ("error", "ok", "unclear")}
    for path in sorted(folder.rglob("*.yaml")):
        language = next((code for code in languages if path.stem.startswith(code)), languages[0])
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
            for key in (language, "all"):
                _count(entry, language, key, made)
    return made


def _count(entry: dict, language: str, key: str, made: dict[tuple[str, str], Score]) -> None:
    text = unicodedata.normalize("NFC", entry["text"])
    found = proofread(text, language)
    wanted = [(_span(text, one["quote"]), class_of(one["verdict"]), one) for one in entry["claims"]]
    for span, name, one in wanted:
        score = made[key, name]
        score.expected += 1
        if any(class_of(claim.verdict) == name and _meet(span, claim.span) for claim in found):
            score.hit += 1
        else:
            score.missed.append(f"{language}: {text.strip()}\n    wanted {one}\n    found  {_shown(found)}")
    for claim in found:
        name = class_of(claim.verdict)
        score = made[key, name]
        score.found += 1
        if any(name == other and _meet(span, claim.span) for span, other, _ in wanted):
            score.right += 1
        else:
            score.invented.append(f"{language}: {text.strip()}\n    found  {claim.as_json()}")


def _meet(one: tuple[int, int], two: tuple[int, int]) -> bool:
    return one[0] < two[1] and two[0] < one[1]


def _shown(found: list[Claim]) -> str:
    return "; ".join(f"{claim.kind} {claim.quote!r} {claim.computed} {claim.verdict}" for claim in found) or "nothing"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", default="", help="show what was missed and invented in this class")
    parser.add_argument("--lang", default="all")
    args = parser.parse_args()
    made = scores(args.folder)
    print(f"{'':4} {'class':8} {'expected':>8} {'found':>6} {'recall':>7} {'precision':>9}")
    for (language, name), score in made.items():
        print(f"{language:4} {name:8} {score.expected:8} {score.found:6} {score.recall:7.3f} {score.precision:9.3f}")
    if args.show:
        print(
            "\nMISSED", *made[args.lang, args.show].missed, "\nINVENTED", *made[args.lang, args.show].invented, sep="\n"
        )


if __name__ == "__main__":
    main()
