"""The ground of the register: bare identities, decisions with their acts, and the dated fact that all kinds share.

A fact is one narrow row of one kind. `valid` says when it is so in the world, `recorded` when the register knew it;
both are half-open. Content is never edited: whoever closes or corrects a fact retires the version that said so and
writes the next one. The database itself allows nothing else (triggers below), whoever asks.
"""

import functools
from dataclasses import dataclass

import pgtrigger
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.contrib.postgres.indexes import BTreeIndex
from django.db import models

from canbo.kernel.levels import BORNE, INTERNAL, PUBLIC
from canbo.kernel.models import Audit
from canbo.kernel.periods import DAY, PRECISIONS

APPLY_LOCK = 7100
"""The advisory lock under which one decision after another takes its instant."""

_STAMP = f"""
PERFORM pg_advisory_xact_lock({APPLY_LOCK});
SELECT max(applied_at) INTO latest FROM registry_decision;
IF NEW.applied_at IS NULL
   OR current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
    NEW.applied_at := greatest(clock_timestamp(), latest + interval '1 microsecond');
ELSIF NEW.applied_at <= latest THEN
    RAISE EXCEPTION 'a decision cannot be known since %, before the last one (%)', NEW.applied_at, latest
        USING ERRCODE = '23514';
END IF;
RETURN NEW;
"""

_BACKDATES = """(current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
               AND {instant} < transaction_timestamp())"""
"""Written under a decision of an earlier transaction: only the owner, who takes over what is past, may do that."""

_WITH_ITS_DECISION = f"""
IF EXISTS (SELECT 1 FROM written w JOIN registry_decision d ON d.id = w.decision_id
           WHERE {_BACKDATES.format(instant="d.applied_at")}) THEN
    RAISE EXCEPTION 'an act is written with its decision, not later' USING ERRCODE = '23514';
END IF;
RETURN NULL;
"""

# The schema is said: else a temporary table of that name would be asked instead.
_WITH_ITS_AUDIT = """
IF EXISTS (SELECT 1 FROM (SELECT audit_id, decision_id, count(*) AS many, min(seq) AS first, max(seq) AS last
                          FROM written GROUP BY 1, 2) w
           LEFT JOIN canbo.kernel_audit u ON u.id = w.audit_id
           WHERE u.decision IS DISTINCT FROM w.decision_id
              OR u.count <> w.many OR w.first <> 1 OR w.last <> w.many) THEN
    RAISE EXCEPTION 'the acts of a decision are written at once, and its audit row counts exactly these'
        USING ERRCODE = '23514';
END IF;
RETURN NULL;
"""

_ONE_INSTANT = f"""
IF EXISTS (SELECT 1 FROM written w
           LEFT JOIN registry_act a ON a.id = w.asserted_by_id
           LEFT JOIN registry_decision d ON d.id = a.decision_id
           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id
           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id
           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at
              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at
              OR {_BACKDATES.format(instant="coalesce(rd.applied_at, d.applied_at)")}) THEN
    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '
        'retires it, and written with them' USING ERRCODE = '23514';
END IF;
IF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)
              OR (w.closed_by_id IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN
    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';
END IF;
RETURN NULL;
"""

_ONLY_RETIRE = """
IF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL
   AND lower(NEW.recorded) = lower(OLD.recorded) THEN
    expected := OLD;
    expected.recorded := NEW.recorded;
    expected.retracted_by_id := NEW.retracted_by_id;
    IF expected IS NOT DISTINCT FROM NEW THEN
        RETURN NEW;
    END IF;
END IF;
RAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';
"""


class OnlyRetire(pgtrigger.Trigger):
    """Refuses to edit a version. What the database derives is not there yet when the trigger looks: it is left out."""

    def get_func(self, model: type[models.Model]) -> str:
        """The function for the columns of this kind of fact."""
        derived = "".join(
            f"    expected.{field.column} := NEW.{field.column};\n" for field in model._meta.fields if field.generated
        )
        return _ONLY_RETIRE.replace("    IF expected", f"{derived}    IF expected")


_INTRODUCED = """
IF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.introduced_by_id)) THEN
    RAISE EXCEPTION 'an identity cites the act that introduced it' USING ERRCODE = '23503';
END IF;
RETURN NULL;
"""

_ONLY_AGAIN = """
IF NEW.id = OLD.id AND NEW.code = OLD.code
   AND EXISTS (SELECT 1 FROM registry_act a JOIN registry_annulment n ON n.decision_id = a.decision_id
               WHERE a.id = OLD.introduced_by_id) THEN
    RETURN NEW;
END IF;
RAISE EXCEPTION 'an identity stays as it is, until the decision that introduced it is annulled and another one does'
    USING ERRCODE = '23514';
"""


POSTS, ROLES, MATTERS = "post", "role", "matter"


def after_statement(name: str, operation: pgtrigger.Operation, func: str) -> pgtrigger.Trigger:
    """A trigger that looks once at all the rows (`written`) that a statement wrote."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="written"),
        func=func,
    )


class Identity(models.Model):
    """That something exists for us, and the code by which people and files name it. Everything else is a fact.

    When the decision that introduced it is annulled, its code is free: a later act may introduce it again.
    """

    APP_MAY = "SELECT, INSERT, UPDATE (introduced_by_id)"
    LEVEL = PUBLIC

    code = models.CharField(max_length=120, unique=True)
    introduced_by = models.ForeignKey("registry.Act", models.PROTECT, related_name="+", db_constraint=False)

    class Meta:
        abstract = True
        triggers = [
            after_statement("introduced", pgtrigger.Insert, _INTRODUCED),
            after_statement("introduced_again", pgtrigger.Update, _INTRODUCED),
            pgtrigger.Trigger(name="only_again", when=pgtrigger.Before, operation=pgtrigger.Update, func=_ONLY_AGAIN),
        ]

    def __str__(self) -> str:
        return self.code


class Unit(Identity):
    """A place or an organisation of any kind, for as long as anybody may ask about it."""

    class Meta(Identity.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(code__contains="/"),
                name="unit_code_without_slash",
                violation_error_message="No slash in the code of a unit: slashes divide the addresses of its reports.",
            )
        ]


class Person(Identity):
    """One record for life."""

    LEVEL = BORNE


class Decision(models.Model):
    """Who decided what under which symbol, and the instant from which the register knows it. Insert-only.

    Decisions of one `code` are parts of the same paper, applied one after another and annulled as one.
    """

    APP_MAY = "SELECT, INSERT"
    LEVEL = PUBLIC
    ORDINARY, OPENING, ANNULMENT = "ordinary", "opening", "annulment"
    KINDS = ((ORDINARY, "ordinary"), (OPENING, "opening balance"), (ANNULMENT, "annulment"))
    IMPORT, MERGE = "import", "merge"
    """The reasons of what was brought in from a file, and of merged records: both may be taken back as one."""

    code = models.CharField(max_length=160)
    part = models.PositiveIntegerField(default=1)
    symbol = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=KINDS, default=ORDINARY)
    signed_on = models.DateField()
    reason = models.TextField(blank=True)
    applied_at = models.DateTimeField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "part"], name="decision_part_once")]
        indexes = [models.Index(fields=["symbol"], name="decision_symbol")]
        triggers = [
            pgtrigger.Trigger(
                name="takes_its_instant",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("latest", "timestamptz")],
                func=_STAMP,
            )
        ]

    def __str__(self) -> str:
        return self.symbol


class Act(models.Model):
    """One use of an action by a decision, effective from a day, in the order `seq` within its decision."""

    APP_MAY = "SELECT, INSERT"
    LEVEL = PUBLIC

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="acts")
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    on = models.DateField()
    reason = models.TextField(blank=True)
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="acts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "seq"], name="act_order")]
        triggers = [
            after_statement("with_its_decision", pgtrigger.Insert, _WITH_ITS_DECISION),
            after_statement("with_its_audit", pgtrigger.Insert, _WITH_ITS_AUDIT),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"


class Annulment(models.Model):
    """That a decision was declared void by another one, which cannot itself be annulled."""

    APP_MAY = "SELECT, INSERT"
    LEVEL = PUBLIC

    decision = models.OneToOneField(Decision, models.PROTECT, primary_key=True, related_name="annulment")
    by_decision = models.ForeignKey(Decision, models.PROTECT, related_name="annuls")


def _act(**options: object) -> models.ForeignKey:
    """A reference to an act; the statement trigger proves it for the whole batch at once, so no row-wise check."""
    return models.ForeignKey(Act, models.PROTECT, related_name="+", db_constraint=False, db_index=False, **options)


class FactQuerySet(models.QuerySet):
    """Questions that every kind of fact understands."""

    def known(self, known: object) -> "FactQuerySet":
        """The versions that the register held at the instant `known` (timezone-aware)."""
        return self.filter(recorded__contains=known)

    def asof(self, on: object, known: object) -> "FactQuerySet":
        """The facts valid on the day `on`, as the register knew at the instant `known`."""
        return self.known(known).filter(valid__contains=on)


@dataclass(frozen=True)
class Within:
    """That a fact lasts no longer than others that its `columns` name: what is refused otherwise, in words.

    Held by `registry/promises.py` after every decision, of facts that are exact to the day, as for overlaps.
    """

    model: type[models.Model]
    columns: tuple[str, ...]
    message: str


class Fact(models.Model):
    """A dated fact: what all kinds share. `fact` is the same for all versions; `unit` is where it belongs."""

    APP_MAY = "SELECT, INSERT, UPDATE (recorded, retracted_by_id)"
    LEVEL = INTERNAL
    GIVES = ""
    """What authority a fact of this kind gives: a post (`POSTS`), a role (`ROLES`), a matter to decide (`MATTERS`)."""
    SAYS_HOW_IT_ENDED: tuple[str, ...] = ()
    """Content about the end: it stays with the last stretch when a change divides the fact."""
    LASTS_WITHIN: tuple[Within, ...] = ()
    EMPTIES_A_NUMBER = False
    """By a fact of this kind nothing is on file under a number of a person any more."""

    fact = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    valid = DateRangeField()
    start_precision = models.CharField(max_length=1, choices=PRECISIONS, default=DAY)
    end_precision = models.CharField(max_length=1, choices=PRECISIONS, default=DAY)
    recorded = DateTimeRangeField()
    opened_by = _act()
    closed_by = _act(null=True)
    asserted_by = _act()
    retracted_by = _act(null=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid__isempty=False) & models.Q(recorded__isempty=False), name="%(class)s_not_empty"
            ),
            models.UniqueConstraint(
                fields=["fact"], condition=models.Q(recorded__upper_inf=True), name="%(class)s_one_version"
            ),
        ]
        indexes = [
            BTreeIndex(fields=["fact"], name="%(class)s_fact"),
            BTreeIndex(fields=["unit"], name="%(class)s_unit"),
            BTreeIndex(fields=["asserted_by"], name="%(class)s_asserted"),
            BTreeIndex(
                fields=["retracted_by"], condition=models.Q(retracted_by__isnull=False), name="%(class)s_retracted"
            ),
        ]
        triggers = [
            OnlyRetire(
                name="only_retire",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("expected", "record")],
            ),
            pgtrigger.Protect(name="never_delete", operation=pgtrigger.Delete),
            after_statement("one_instant", pgtrigger.Insert, _ONE_INSTANT),
            after_statement("one_end", pgtrigger.Update, _ONE_INSTANT),
        ]

    @classmethod
    def label_of(cls, row: "Fact") -> str:
        """What a list of records calls this fact; kinds say it better."""
        return f"{cls.__name__} {row.fact}"


SHARED = frozenset(field.name for field in Fact._meta.local_fields) | {"id"}
"""The fields every fact has; the rest of a kind's fields are its content."""


def derived(function: str, field: str) -> models.GeneratedField:
    """A column that the database derives from another one by a function of text (`registry/sql/vn_1.sql`)."""
    return models.GeneratedField(
        expression=models.Func(models.F(field), function=f"canbo.{function}"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )


@functools.cache
def content(model: type[Fact]) -> tuple[models.Field, ...]:
    """The fields of a kind of fact that say what is so: all but the shared ones and what the database derives."""
    return tuple(f for f in model._meta.concrete_fields if f.name == "unit" or not (f.name in SHARED or f.generated))
