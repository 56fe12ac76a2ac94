"""What Canbo does not do, line by line: each test says the line, and fails the day something breaks it.

Where a line is about a function that is not begun, its test holds what the structure promises already, and fails when
the function begins: it is then to be replaced by tests of what the function does.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.db import models
from django.urls import reverse

import canbo
from canbo.kernel.act import ACTIONS
from canbo.kernel.declare import scan
from canbo.kernel.headings import entries, forbidden
from canbo.kernel.screen import SCREENS
from canbo.registry.facts import Fact, Identity, Person, content
from canbo.reports.indicator import INDICATORS, Measure
from canbo.reports.said import NEVER_SHOWN

SOURCE = Path(canbo.__file__).parent
NUMBERS_ABOUT_PEOPLE = {
    "Classification.year", "Request.fact", "Reply.request",
    *(f"Confidence.{name}" for name in ("collected", "high", "middle", "low")),
}  # fmt: skip
"""Years, keys, and the papers that a body counted: none of them is anybody's judgement of a person."""
TEXTS_ABOUT_PEOPLE = {
    "Particulars.name", "PlanEntry.term", "Reply.article", "Reply.words", "Request.kind", "Request.words",
}  # fmt: skip
"""A name, a term; what the person asks to have put right; the grounds and the article of the decision on that."""
BETWEEN_PEOPLE = {
    "Delegation.giver", "Delegation.person", "Alias.person", "Alias.former", "Namesake.person", "Namesake.other",
}  # fmt: skip
"""Who lets whom act in their stead; which two numbers are of one person, and which are of two who look alike."""
NUMERIC = (models.IntegerField, models.FloatField, models.DecimalField)
FREE = (models.TextField, models.JSONField, models.BinaryField, models.FileField)


def ours() -> Iterator[type[models.Model]]:
    """Every table of ours that holds records; accounts, sessions and the log are no records about people."""
    for model in apps.get_models():
        if model.__module__.startswith(("canbo.registry", "canbo.reports", "canbo.ballots")):
            yield model


def to_people(model: type[models.Model]) -> list[models.Field]:
    """The fields by which a table names people."""
    return [field for field in model._meta.concrete_fields if field.related_model is Person]


def own(model: type[models.Model]) -> list[models.Field]:
    """What a table says, without the columns that every fact has and what the database derives."""
    return list(content(model)) if issubclass(model, Fact) else list(model._meta.concrete_fields)


def about_people(kinds: tuple[type[models.Field], ...]) -> set[str]:
    """The fields of these kinds in tables that name people; keys and codes of a vocabulary are none."""
    return {
        f"{model.__name__}.{field.name}"
        for model in ours()
        if to_people(model) or model is Person
        for field in own(model)
        if isinstance(field, kinds) and not (field.primary_key or field.is_relation or hasattr(field, "vocabulary"))
    }


def plain_texts() -> set[str]:
    """Texts that are no codes, no precision of a date and no choice of ours."""
    found = about_people((models.CharField, *FREE))
    named = {f"{model.__name__}.{f.name}": f for model in ours() for f in model._meta.concrete_fields}
    return {name for name in found if not named[name].choices and name != "Person.code"}


def begun(*functions: str) -> list[str]:
    """Which of these functions are begun, by the page that says what works."""
    rows = yaml.safe_load((SOURCE / "config/functions.yaml").read_text(encoding="utf-8"))
    states = {row["id"]: row["state"] for row in rows}
    return [name for name in functions if states[name] != "not begun"]


def python(*folders: str) -> Iterator[tuple[str, str]]:
    """The code in these folders or files, by its path."""
    for folder in folders:
        at = SOURCE / folder
        for path in [at] if at.is_file() else sorted(at.rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")


def test_nobody_has_a_score():
    """It gives no risk score to a person: a number about somebody is a year, a key, or papers that were counted."""
    assert about_people(NUMERIC) == NUMBERS_ABOUT_PEOPLE


def test_nobodys_opinions_speech_or_beliefs_have_a_place_to_be_written_down():
    """It does not monitor speech, opinions, beliefs: no text about a person but a name and their own requests."""
    assert plain_texts() == TEXTS_ABOUT_PEOPLE
    assert {"religion", "opinions", "suspicion"} <= {entry.topic for entry in entries()}


def test_a_body_gives_an_opinion_on_a_post_and_not_in_words():
    """Written answers that a step asks of a body are papers; nobody's views are data."""
    opinion = apps.get_model("registry.Opinion")
    assert {field.name for field in content(opinion)} == {"unit", "person", "matter"}
    assert opinion._meta.get_field("matter").vocabulary == "opinion_matter"


def test_no_table_ties_people_to_each_other():
    """Never a family table, never relatives: somebody acts for somebody, and a number is somebody's or is not."""
    tied = {
        f"{model.__name__}.{field.name}"
        for model in ours()
        if len(to_people(model)) > 1 or (model is Person and to_people(model))
        for field in to_people(model)
    }
    assert tied == BETWEEN_PEOPLE


def test_religion_and_class_origin_past_regimes_family_economy_have_no_field():
    """Never a field, whatever a form asks. Imports ask the same function (`tests/exchange/test_never.py`)."""
    assert begun("F33") == [], "test the empty boxes of forms"
    names = {field.name for model in ours() for field in model._meta.concrete_fields}
    names |= {term for action in ACTIONS.values() for term in action.terms.model_fields}
    assert {name for name in names if forbidden(name)} == set()
    needed = {"religion", "class-origin", "past-regimes", "relatives-abroad", "relatives", "family-economy"}
    assert needed <= {entry.topic for entry in entries()}


def test_a_conflict_of_interest_has_no_table_outside_a_case():
    """A declared conflict of interest lives inside one case and ends with it: cases are not begun (F20)."""
    assert begun("F20") == [], "test that a declaration ends with its case"
    named = {f"{model.__name__}.{field.name}" for model in ours() for field in model._meta.concrete_fields}
    assert {name for name in named if re.search("conflict|interest", name, re.IGNORECASE)} == set()


def test_ethnic_group_is_read_by_the_breakdown_of_its_share_and_by_nothing_else():
    """Recorded where a rule needs the share, counted only in those shares, never listed by name or by person."""
    readers = {path for path, text in python(".") if "ethnic_group" in text and not path.startswith("sample/")}
    assert readers == {
        "registry/people/models.py", "registry/people/actions.py", "reports/breakdowns.py", "reports/said.py",
    }  # fmt: skip
    assert "ethnic_group" in NEVER_SHOWN
    (shared,) = re.findall(r"def _minority.*?\n\n\n", (SOURCE / "reports/breakdowns.py").read_text(), re.DOTALL)
    said = (SOURCE / "reports/breakdowns.py").read_text(encoding="utf-8")
    assert said.count("ethnic_group") == shared.count("ethnic_group"), "only there"
    assert set(re.findall(r'Value\("(\w+)"\)', shared)) == {"minority", "majority"}
    columns = [column for screen in SCREENS.values() for column in screen.columns]
    assert [c for c in columns if "ethnic_group" in (c.vocabulary, *c.path.split("__"), *c.sort)] == []


def test_no_indicator_can_be_narrowed_to_one_ethnic_group():
    """A group is counted only in the shares that rules need: no figure asks for a group by name."""
    scan("canbo.reports.indicators")
    assert len(INDICATORS) > 30
    for indicator in INDICATORS.values():
        paths = {*getattr(indicator, "columns", {}).values(), *(indicator.by or ())}
        assert not any("ethnic" in path for path in paths), indicator


def test_meetings_hold_no_words_of_anybody():
    """Meeting reports hold attendance, agenda, number of speakers, resolution: they are not begun (F09)."""
    named = [model.__name__ for model in ours() if re.search("meeting|speech|speaker|minute", model.__name__, re.I)]
    assert named == [], "test that nothing there says who said what"


def test_a_grade_is_given_by_an_act_and_never_computed():
    """Grades are given by a named body, never computed from log-ins, the audit log or outside data."""
    giving = {name for name, action in ACTIONS.items() if "grade" in action.terms.model_fields}
    assert giving == {"standing.classify", "classification.correct"}
    written = re.compile(r"""["']?grade["']?\s*(?:=(?!=)|:=)|\bgrade=|\[["']grade["']\]\s*=""")
    writers = {path for path, text in python("registry", "reports", "rules", "access", "web") if written.search(text)}
    assert writers == {"registry/standing/models.py"}, "the column, and nobody who fills it beside the act"


def test_no_figure_is_made_of_the_log_or_of_who_signed_in():
    """Nothing is counted of log-ins or of the audit log: every figure counts facts."""
    scan("canbo.reports.indicators")
    measures = [indicator for indicator in INDICATORS.values() if isinstance(indicator, Measure)]
    assert len(measures) > 20
    assert [one.name for one in measures if not issubclass(one.model, Fact)] == []
    counting = (f"reports/{name}.py" for name in ("indicator", "breakdowns", "question", "rollup", "answer", "book"))
    reads = re.compile(r"kernel_audit|kernel\.audit|kernel\.models|access_(?:account|key)|last_login|Session\b")
    assert [path for path, text in python("reports/indicators", *counting) if reads.search(text)] == []


def test_reviews_and_exchanges_are_not_begun():
    """Reviews are cases with a legal basis, notice, reply and expiry (F22); petitions seal who petitioned (F21)."""
    assert begun("F21", "F22") == [], "test what the subject sees, that an outcome expires, and what other files keep"
    named = {name for name in ACTIONS if name.split(".")[0] in ("review", "petition", "case", "exchange")}
    assert named == set()


def joined(tables: Iterable[type[models.Model]]) -> list[str]:
    """Fields that tie a paper of a ballot to something outside the ballots, or to a moment that tells whose it was."""
    return [
        f"{model.__name__}.{field.name}"
        for model in tables
        if model.__module__.startswith("canbo.ballots")
        for field in model._meta.get_fields()
        if (field.is_relation and not field.related_model.__module__.startswith("canbo.ballots"))
        or isinstance(field, models.DateTimeField)
        or re.search("voter|person|account|session|audit", field.name)
    ]


def test_no_table_joins_a_voter_and_a_ballot():
    """Ballots are secret from everybody, the administrator included: ballots are not begun (F31), nothing ties them."""
    assert begun("F31") == [], "test the counting and that electronic papers cannot be tied together"
    assert joined(apps.get_models()) == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (models.ForeignKey(Person, models.PROTECT, related_name="+"), "whose"),
        (models.DateTimeField(), "at"),
        (models.BigIntegerField(), "voter_key"),
    ],
)
def test_a_ballot_that_could_be_tied_to_somebody_is_found(field: models.Field, said: str):
    meta = type("Meta", (), {"app_label": "planted", "apps": apps.__class__()})
    planted = type("Planted", (models.Model,), {"__module__": "canbo.ballots.models", "Meta": meta, said: field})
    assert joined([planted]) == [f"Planted.{said}"]
    assert joined([type("Other", (models.Model,), {"__module__": "canbo.registry.x", "Meta": meta})]) == []


def test_everybody_sees_their_record_corrects_it_and_sees_who_read_it():
    """A person sees their record, corrects it, and sees who reads it; tests/access/test_requests.py tries how."""
    assert [reverse("me"), reverse("me-file", args=["pdf"])] == ["/me", "/me/file/pdf"]
    assert {"request.receive", "request.grant", "request.refuse"} <= set(ACTIONS)
    page = (SOURCE / "web/templates/web/objects/me.html").read_text(encoding="utf-8")
    assert all(said in page for said in ("Ask for a correction", "Who read this file", "me-file"))


def test_every_table_about_people_is_looked_at_here():
    """What names people is a fact, an identity or a request: nothing else escapes these tests."""
    naming = [model for model in ours() if to_people(model)]
    assert len(naming) > 12
    others = {model.__name__ for model in naming if not issubclass(model, (Fact, Identity))}
    assert others == {"Request"}
