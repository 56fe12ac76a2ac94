"""Whether what the audit log counts and digests is still what the register holds, as far as the register keeps it.

Recomputed are the number of acts of every decision, and the digests of frozen reports, their signatures and annulments.
The digest of another decision is over the terms of its acts, which nobody keeps.
"""

import hashlib
from collections.abc import Iterator

from django.db import connection

from canbo.kernel.models import Audit
from canbo.registry.facts import Annulment
from canbo.reports.freeze import FrozenPaper, FrozenReport, digest_of

_COUNTS = """
SELECT u.id, u.count, coalesce(a.many, 0) FROM kernel_audit u
LEFT JOIN (SELECT audit_id, decision_id, count(*) AS many FROM registry_act GROUP BY 1, 2) a
       ON a.audit_id = u.id AND a.decision_id = u.decision
WHERE u.decision IS NOT NULL AND u.count <> coalesce(a.many, 0) ORDER BY u.id
"""


def faults() -> Iterator[str]:
    """Each row that is not of what it says, by its key."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        for key, counted, found in cursor.fetchall():
            yield f"row with key {key} counts {counted} acts, the register holds {found}"
    for report in FrozenReport.objects.select_related("audit").order_by("pk").iterator(100):
        if digest_of({"content": report.content, "documents": report.documents}) != bytes(report.audit.digest):
            yield f"frozen report {report.pk} is not what was signed off (row with key {report.audit_id})"
    for paper in FrozenPaper.objects.select_related("audit").order_by("pk").iterator(1000):
        if digest_of([paper.report_id, paper.sha256, paper.certificate]) != bytes(paper.audit.digest):
            yield f"the signature {paper.pk} is not what was recorded (row with key {paper.audit_id})"
    yield from _annulments()


def not_compared() -> int:
    """How many rows of the log are of frozen reports and signatures that whoever asks may not read."""
    seen = FrozenReport.objects.count() + FrozenPaper.objects.count()
    return Audit.objects.filter(kind__in=("freeze", "signature")).count() - seen


def _annulments() -> Iterator[str]:
    by = ("by_decision__code", "by_decision__reason", "by_decision__acts__audit", "by_decision__acts__audit__digest")
    found = Annulment.objects.filter(by_decision__acts__isnull=False).order_by("by_decision")
    for code, annulment, reason, key, digest in found.values_list("decision__code", *by).distinct():
        if hashlib.sha256(f"annul {code} {reason}".encode()).digest() != bytes(digest):
            yield f"the annulment {annulment} is not what was recorded (row with key {key})"
