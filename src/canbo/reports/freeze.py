"""Frozen reports: signed off once, never changed. One freezes when it adds up or each gap is explained in words.

What is kept prints again as it was, in every language of the profile, whatever the register, the books or the words
say later: the documents themselves, the question behind each figure, and the exact versions that answered it.
"""

import dataclasses
import hashlib
import json
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from canbo.kernel.act import require
from canbo.kernel.audit import anchor, record, seal
from canbo.kernel.levels import INTERNAL
from canbo.kernel.models import Audit
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Unit
from canbo.reports.book import Report, definition_hash, pages
from canbo.reports.output.compose import compose
from canbo.reports.text import as_json

NEVER_CHANGES = [
    pgtrigger.Protect(name="never_update", operation=pgtrigger.Update),
    pgtrigger.Protect(name="never_delete", operation=pgtrigger.Delete),
]
"""What is signed off is only added to, whoever asks."""


class FrozenReport(models.Model):
    """A report as signed off: its content, what it knew, its definition, and the words that explain its gaps."""

    APP_MAY = "SELECT, INSERT"
    LEVEL = INTERNAL

    book = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    on = models.DateField()
    known = models.DateTimeField()
    definition = models.CharField(max_length=64)
    content = models.JSONField()
    explanations = models.JSONField(default=dict)
    documents = models.JSONField(default=dict)
    """The printed document in each language of the profile."""
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="+")

    class Meta:
        triggers = NEVER_CHANGES


class FrozenFigure(models.Model):
    """One figure of a frozen report: its value as an exact fraction, the question, and the versions that answered."""

    APP_MAY = "SELECT, INSERT"
    LEVEL = INTERNAL
    PART_OF = "report"

    report = models.ForeignKey(FrozenReport, models.PROTECT, related_name="figures")
    figure = models.CharField(max_length=120)
    indicator = models.CharField(max_length=120, default="")
    where = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    on = models.DateField(null=True)
    start = models.DateField(null=True)
    value = models.CharField(max_length=80, default="")
    base = models.BigIntegerField(null=True)
    versions = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "figure"], name="frozen_figure_once")]
        triggers = NEVER_CHANGES


class FrozenPaper(models.Model):
    """A signed file of a frozen report: its digest, by whom it was signed, and with which certificate."""

    APP_MAY = "SELECT, INSERT"
    LEVEL = INTERNAL
    PART_OF = "report"

    report = models.ForeignKey(FrozenReport, models.PROTECT, related_name="papers")
    sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    signer = models.CharField(max_length=200)
    certificate = models.CharField(max_length=64, help_text="sha256 of the certificate")
    signed_at = models.DateTimeField()
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "sha256"], name="frozen_paper_once")]
        triggers = NEVER_CHANGES


def freeze(made: Report, *, by: str, explained: dict[str, str]) -> FrozenReport:
    """Freeze a report; refused while a figure or an equation does not hold and nobody says in words why."""
    require(by, "report.freeze", made.question.unit.pk)
    gaps = made.gaps()
    words = {gap: said.strip() for gap, said in explained.items()}
    if silent := [gap for gap in gaps if not words.get(gap)]:
        listed = ", ".join(silent)
        raise Refused("unexplained_gaps", "explain first what does not hold: %(listed)s", listed=listed, gaps=silent)
    if needless := sorted(set(words) - set(gaps)):
        listed, named = ", ".join(gaps) or "–", ", ".join(needless)
        raise Mistake(
            "no_such_gap", "%(named)s needs no words; what does not hold is: %(listed)s", named=named, listed=listed
        )
    seal()
    kept = _content(made, words)
    with transaction.atomic():
        what, count = f"freeze {made.book} {made.question.unit.code}", len(kept["content"]["figures"])
        audit = audited("freeze", by, what, count, kept)
        frozen = FrozenReport.objects.create(
            book=made.book,
            unit=made.question.unit,
            on=made.question.on,
            known=made.question.known,
            definition=definition_hash(pages(profile(), made.book, made.question.unit.code)),
            explanations=words,
            audit_id=audit,
            **kept,
        )
        FrozenFigure.objects.bulk_create(_figure(frozen, figure) for figure in made.figures())
    return frozen


def _content(made: Report, words: dict[str, str]) -> dict[str, Any]:
    """What is kept of a report: its figures as JSON, and what it prints in each language."""
    languages = profile().languages
    documents = {language: dataclasses.asdict(compose(made, language, words, anchor())) for language in languages}
    kept = {"content": as_json(made, languages[0]), "documents": documents}
    return json.loads(json.dumps(kept, cls=DjangoJSONEncoder))


def _figure(frozen: FrozenReport, figure: Any) -> FrozenFigure:
    return FrozenFigure(
        report=frozen,
        figure=figure.line.id,
        indicator=figure.line.indicator,
        where=dict(figure.line.where),
        on=figure.question.on,
        start=figure.question.start,
        value="" if figure.value is None else str(figure.value),
        base=figure.base,
        versions=figure.indicator.versions(figure.question),
    )


def audited(kind: str, by: str, what: str, count: int, wrote: Any) -> int:
    """The audit row of something signed off or collected, with the digest of exactly what was written; its key."""
    return record(kind, what, actor=by, count=count, digest=digest_of(wrote))


def digest_of(wrote: Any) -> bytes:
    """The digest of what was written, the same whatever the order of its keys."""
    return hashlib.sha256(json.dumps(wrote, sort_keys=True, cls=DjangoJSONEncoder).encode()).digest()
