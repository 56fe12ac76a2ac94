"""What is never recorded: what the dictionary finds and what it leaves alone, and that nothing of ours is in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.utils.translation import override

from canbo.kernel.act import ACTIONS
from canbo.kernel.declare import scan
from canbo.kernel.headings import FILE, entries, forbidden
from canbo.kernel.profile import PACKAGED, load
from canbo.kernel.screen import SCREENS
from canbo.reports.indicator import INDICATORS
from canbo.reports.said import FIELDS, KINDS
from tests.web.messages import catalogue, languages, messages

FORMS = yaml.safe_load(Path(__file__).with_name("forms.yaml").read_text(encoding="utf-8"))
HEADINGS = [
    pytest.param(said["heading"], said.get("never"), id=f"{form}-{number}")
    for form, some in FORMS.items()
    for number, said in enumerate(some)
]
PROFILES = sorted(path.parent.name for path in PACKAGED.glob("*/kinds.yaml"))


def refused(headings: Iterator[str]) -> dict[str, str]:
    """Those headings that may not be there, with the topic of each."""
    seen = set(headings)
    assert len(seen) > 10, "there is something to look at"
    return {heading: found.topic for heading in seen if (found := forbidden(heading))}


@pytest.mark.parametrize(("heading", "topic"), HEADINGS)
def test_the_forms_and_what_people_write_are_told_apart(heading: str, topic: str | None):
    found = forbidden(heading)
    assert (found.topic if found else None) == topic


@pytest.mark.parametrize("form", ["2C", "2-HSĐV"])
def test_the_dictionary_names_every_item_that_stays_empty_and_no_other(form: str):
    named = {number.lstrip("0") for entry in entries() for number in entry.items.get(form, ())}
    assert named == {said["item"].lstrip("0") for said in FORMS[form] if "never" in said}


def test_every_topic_has_a_reason_and_speaks_all_three_languages():
    for said in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        assert said["reason"].endswith(".")
        assert set(said["anywhere"]) == {"vi", "en", "de"}, said["topic"]


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.topic)
def test_every_phrase_forbids_itself(entry):
    for phrase in entry.anywhere | entry.alone:
        found = forbidden(phrase.upper())
        assert found is entry, phrase


def test_no_table_and_no_field_carries_such_a_heading():
    ours = [model for model in apps.get_models() if model.__module__.startswith("canbo.")]
    fields = [field for model in ours for field in model._meta.get_fields()]
    said = {f"{getattr(field, 'verbose_name', field.name)}" for field in fields} | {field.name for field in fields}
    names = {model._meta.model_name for model in ours} | {str(model._meta.verbose_name) for model in ours}
    assert refused(said | names) == {}


def test_no_screen_and_no_other_string_of_the_pages_carries_one():
    with override("en"):
        labels = {str(column.label) for screen in SCREENS.values() for column in screen.columns}
        labels |= {str(label) for label in (*KINDS.values(), *FIELDS.values())}
    strings = {text for said in messages() for text in ([said] if isinstance(said, str) else said)}
    assert labels <= strings, "labels are strings of the pages, so what follows looks at them in each language"
    assert refused(strings) == {}
    for language in languages():
        told = (entry.string for entry in catalogue(language) if entry.id)
        assert refused(text for said in told for text in ([said] if isinstance(said, str) else said)) == {}


def test_no_act_and_no_figure_is_told_such_a_thing():
    scan("canbo.reports")
    terms = {name for action in ACTIONS.values() for name in action.terms.model_fields}
    assert refused({*terms, *ACTIONS, *INDICATORS}) == {}


@pytest.mark.parametrize("name", PROFILES)
def test_no_vocabulary_code_or_word_of_a_profile_is_one(name: str):
    of = load(name)
    codes = {code for codes in of.vocabularies.values() for code in codes}
    assert refused({*of.vocabularies, *codes}) == {}
    for language in of.languages:
        assert refused({*of.words[language].values()}) == {}
