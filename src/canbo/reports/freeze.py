"""Frozen reports: signed off once, never changed. One freezes when it adds up or each gap is explained in words."""

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.functions import Now

from canbo.kernel.act import authority
from canbo.kernel.models import Audit
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Refused
from canbo.registry.facts import Unit
from canbo.reports.book import Report, definition_hash, pages
from canbo.reports.text import as_json


class FrozenReport(models.Model):
    """A report as signed off: its content, what it knew, its definition, and the words that explain its gaps."""

    APP_MAY = "SELECT, INSERT"

    book = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    on = models.DateField()
    known = models.DateTimeField()
    definition = models.CharField(max_length=64)
    content = models.JSONField()
    explanations = models.JSONField(default=dict)
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="+")


class FrozenFigure(models.Model):
    """The exact versions of facts behind one figure of a frozen report."""

    APP_MAY = "SELECT, INSERT"

    report = models.ForeignKey(FrozenReport, models.PROTECT, related_name="figures")
    figure = models.CharField(max_length=120)
    versions = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "figure"], name="frozen_figure_once")]


def freeze(made: Report, *, by: str, explained: dict[str, str]) -> FrozenReport:
    """Freeze a report; refused while a figure or an equation does not hold and nobody says in words why."""
    authority().check(by, {"report.freeze"})
    silent = [gap for gap in made.gaps() if not explained.get(gap, "").strip()]
    if silent:
        raise Refused("unexplained_gaps", f"explain first what does not hold: {', '.join(silent)}", gaps=silent)
    unit = made.question.unit
    with transaction.atomic():
        audit = Audit.objects.create(at=Now(), actor=by, what=f"freeze {made.book} {unit.code}", count=0, digest=b"")
        frozen = FrozenReport.objects.create(
            book=made.book,
            unit=unit,
            on=made.question.on,
            known=made.question.known,
            definition=definition_hash(pages(profile(), made.book, unit.code)),
            content=as_json(made, profile().languages[0]),
            explanations=explained,
            audit=audit,
        )
        FrozenFigure.objects.bulk_create(
            FrozenFigure(report=frozen, figure=f.line.id, versions=f.indicator.versions(f.question))
            for f in made.figures()
        )
    return frozen
