"""A document of the register, the fact of its registration, and the typed links between documents."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from canbo.kernel.coded import Coded
from canbo.kernel.levels import PUBLIC
from canbo.registry.facts import Decision, Fact, Identity, derived
from canbo.registry.tree import alone


class Document(Identity):
    """A document for as long as anybody may ask about it; the decision it carries, where it decides something."""

    APP_MAY = "SELECT, INSERT, UPDATE (introduced_by_id, decision_code)"

    decision_code = models.CharField(max_length=160, blank=True, db_index=True)

    def decisions(self) -> "models.QuerySet[Decision]":
        """The parts of the decision this document carries."""
        return Decision.objects.filter(code=self.decision_code) if self.decision_code else Decision.objects.none()


class Registration(Fact):
    """A document is in force: its type, number and symbol, who issued it in which capacity and term, on what.

    `unit` is the issuer. Numbers run per type, body and term (36-HD/VPTW II.1.3): the same symbol may come again.
    """

    LEVEL = PUBLIC

    document = models.ForeignKey(Document, models.PROTECT, related_name="registrations")
    type = Coded("document_type")
    body = Coded("issuing_body", blank=True)
    number = models.PositiveIntegerField(null=True)
    symbol = models.CharField(max_length=120)
    term = models.CharField(max_length=20, blank=True)
    issued_on = models.DateField(null=True)
    title = models.TextField(blank=True)
    subjects = ArrayField(Coded("subject"), default=list)
    symbol_fold = derived("vn_fold_1", "symbol")
    title_fold = derived("vn_fold_1", "title")

    class Meta(Fact.Meta):
        verbose_name = "registration of a document"
        constraints = [
            *Fact.Meta.constraints,
            alone("document_registered_once", "document", message="A document is registered once at a time."),
            models.UniqueConstraint(
                fields=["unit", "body", "type", "term", "number"],
                condition=models.Q(recorded__upper_inf=True, number__isnull=False),
                name="document_number_once",
                violation_error_message="A number is given once per type, body and term.",
            ),
        ]
        indexes = [
            *Fact.Meta.indexes,
            GinIndex(fields=["symbol_fold"], opclasses=["gin_trgm_ops"], name="registration_by_symbol"),
            GinIndex(fields=["title_fold"], opclasses=["gin_trgm_ops"], name="registration_by_title"),
        ]

    @classmethod
    def label_of(cls, row: "Registration") -> str:
        """Symbol and title."""
        return f"{row.symbol} {row.title}".strip()


class Link(Fact):
    """A document implements, amends, supplements, replaces or repeals another one."""

    LEVEL = PUBLIC

    document = models.ForeignKey(Document, models.PROTECT, related_name="links")
    target = models.ForeignKey(Document, models.PROTECT, related_name="linked_by")
    relation = Coded("document_relation")

    class Meta(Fact.Meta):
        verbose_name = "link between documents"
