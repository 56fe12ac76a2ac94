"""Model relations obey the same order as imports."""

import pytest
from django.apps import apps

from tests.architecture.relations import wrong

CELL = "canbo.registry.membership.models"


def relations():
    """Every relation between two models of the project, whatever the kind of field."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_parents=False):
            if field.is_relation and not field.auto_created and field.related_model:
                yield f"{model.__name__}.{field.name}", model.__module__, field.related_model.__module__


def test_foreign_keys_obey_the_same_order_as_imports():
    found = list(relations())
    assert found, "no relation at all was read"
    assert wrong(found) == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("canbo.registry.documents.models", "canbo.registry.people.models"),
        ("canbo.registry.facts", CELL),
        ("canbo.kernel.audit", "canbo.registry.facts"),
        ("canbo.registry.people.models", "canbo.reports.models"),
        ("canbo.registry.people.models", "canbo.ballots.models"),
    ],
)
def test_a_relation_upwards_or_sideways_is_found(source, target):
    assert len(wrong([("Planted.field", source, target)])) == 1
    assert wrong([("Planted.field", source, source)]) == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (CELL, "canbo.registry.people.models"),
        (CELL, "canbo.registry.facts"),
        ("canbo.registry.facts", "canbo.kernel.models"),
        ("canbo.reports.models", "canbo.registry.facts"),
        ("canbo.kernel.models", "django.contrib.auth.models"),
    ],
)
def test_a_relation_downwards_is_allowed(source, target):
    assert wrong([("Planted.field", source, target)]) == []
