"""What a person asks to have put right in their record, and the replies, which are decisions."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from canbo.kernel.levels import ASKED
from canbo.registry.facts import Fact, Person, after_statement

LONGEST = 2000
"""Characters of a request."""
RECEIVED, GRANTED, REFUSED = "received", "granted", "refused"
OUTCOMES = ((RECEIVED, "received"), (GRANTED, "granted"), (REFUSED, "refused"))
DECIDED = (GRANTED, REFUSED)

_OWN_REQUEST = """
IF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (
        SELECT 1 FROM canbo.registry_request r
        WHERE r.id = w.request AND w.person_id IN (r.person_id, canbo.number_now_1(r.person_id)))) THEN
    RAISE EXCEPTION 'a reply answers a request of the same person' USING ERRCODE = '23503';
END IF;
RETURN NULL;
"""


class Request(models.Model):
    """A person asks for a correction of one fact (`kind`, `fact`), or of something missing, in words. Only added to.

    The database says when it was asked; only the person themselves can ask (ADR 15).
    """

    APP_MAY = "SELECT, INSERT (person_id, kind, fact, words)"
    LEVEL = ASKED

    person = models.ForeignKey(Person, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=40, blank=True)
    fact = models.BigIntegerField(null=True)
    words = models.CharField(max_length=LONGEST)
    asked_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(words=""), name="request_in_words"),
            models.CheckConstraint(
                condition=models.Q(kind="", fact=None) | ~models.Q(kind="") & models.Q(fact__isnull=False),
                name="request_names_a_fact_wholly",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_update", operation=pgtrigger.Update),
            pgtrigger.Protect(name="never_delete", operation=pgtrigger.Delete),
        ]


class Reply(Fact):
    """What became of a request: received, granted by the acts of the same decision, or refused on grounds."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    request = models.BigIntegerField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    words = models.TextField(blank=True)
    article = models.CharField(max_length=200, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "reply to a request"
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["request", "outcome"],
                condition=models.Q(recorded__upper_inf=True),
                name="reply_once",
                violation_error_message="The same was replied already.",
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(recorded__upper_inf=True) & ~models.Q(outcome=RECEIVED),
                name="request_decided_once",
                violation_error_message="A request is decided once.",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome=REFUSED) | ~models.Q(words="") & ~models.Q(article=""),
                name="refused_on_grounds",
                violation_error_message="Who refuses a request says why, and by which article.",
            ),
        ]
        triggers = [*Fact.Meta.triggers, after_statement("own_request", pgtrigger.Insert, _OWN_REQUEST)]
