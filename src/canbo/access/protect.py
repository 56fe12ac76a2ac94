"""Row-level security: every table gets the policies of its level, anew at each set-up.

Three lenses, each a role of the database with one policy a table, so that no policy is an OR of two ways:
`canbo_app` sees what lies within reach of whoever asks, `canbo_whole` everything if they may see everything,
`canbo_file` one person's file if they may open it. A table without a level shows nobody anything (ADR 0005, 0014).
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connections, models
from psycopg import sql

from canbo.access.models import Role, Sight, Title
from canbo.kernel.levels import ASKED, BORNE, CARD, INTERNAL, LOG, OPEN, PERSONAL, PUBLIC, level
from canbo.kernel.models import Installation
from canbo.kernel.profile import profile

APP, WHOLE, FILE = "canbo_app", "canbo_whole", "canbo_file"
LENSES = (APP, WHOLE, FILE)
SAMPLE, VERIFIER = "sample", "verifier"
SYSTEM = {SAMPLE: {"everything": True, "writes": True, "audits": True}, VERIFIER: {"audits": True}}
"""Roles that no person has, of commands to which nobody signed in: of a sample, whose people are invented, they may
read and write everything; in earnest they verify the log, and read no file.
"""

_SIGNED_IN, _ALL, _ACTS = (f"(SELECT canbo.{name}())" for name in ("signed_in_1", "sees_all_1", "acts_1"))


def _within(reach: str, column: str = "unit_id") -> str:
    """Looked up in the ranges, which are found once a statement: an index is found by what the question itself says,
    never by the policy, and `coalesce` keeps the planner from taking it for something rare.
    """
    return f"coalesce({column} <@ (SELECT canbo.reach_1('{reach}')), false)"


_BEGUN = "{0}.person_id = {1} AND upper_inf({0}.recorded) AND {2} <= canbo.today()"
_SINCE = "coalesce(lower({}.valid), '-infinity')"


def _known(person: str) -> str:
    """Some card puts the person within reach. Cards are looked up one by one (`OFFSET 0`: left to itself the planner
    hashes 30,000 to look at one), unless what reads all names there are says so (`identity.read_all_names`).
    """
    cards = f"SELECT FROM canbo.access_card c WHERE c.person_id = {person}"
    hashed = f"EXISTS ({cards} AND c.unit_id = ANY ((SELECT canbo.units_1(canbo.reach_1('personal')))::bigint[]))"
    return f"CASE WHEN current_setting('app.names', true) = 'all' THEN {hashed} ELSE EXISTS ({cards} OFFSET 0) END"


def _kept(person: str) -> str:
    """The unit that keeps the file of a person, or kept it last, lies within reach."""
    first, later = _SINCE.format("p"), _SINCE.format("q")
    return (
        f"EXISTS (SELECT FROM canbo.registry_particulars p WHERE {_BEGUN.format('p', person, first)}"
        f" AND {_within('personal', 'p.unit_id')} AND NOT EXISTS (SELECT FROM canbo.registry_particulars q"
        f" WHERE {_BEGUN.format('q', 'p.person_id', later)} AND {later} > {first}))"
    )


def policies(model: type[models.Model]) -> Iterator[tuple[str, str, str]]:
    """The policies of a table: the lens, what it shows, and what may be written through it ("false": nothing)."""
    has, columns = level(model), {field.column for field in model._meta.fields}
    bearer = "person_id" if "person_id" in columns else "id"
    opened = f"{bearer} = (SELECT canbo.opened_1())"
    if has is None:
        return
    if has == ASKED:
        own = "person_id = (SELECT canbo.me_1())"
        now = f"canbo.number_now_1({model._meta.db_table}.person_id)"
        yield WHOLE, _ALL, own
        yield APP, _kept(now), "false"
        yield FILE, f"{now} = (SELECT canbo.opened_1())", own
        return
    yield WHOLE, _ALL, _ALL
    if has == PUBLIC:
        yield APP, _SIGNED_IN, _ACTS
        yield FILE, _SIGNED_IN, "false"
    elif has == INTERNAL and "unit_id" in columns:
        yield APP, _within("internal"), _within("writes")
        yield FILE, "false", "false"
    elif has == INTERNAL:  # it goes with the thing of a unit that it belongs to
        whole = model._meta.get_field(model.PART_OF)
        seen = f"{whole.column} IN (SELECT id FROM canbo.{whole.related_model._meta.db_table})"
        yield APP, seen, seen
        yield FILE, "false", "false"
    elif has == PERSONAL:
        yield APP, _within("personal"), _within("writes")
        yield FILE, opened, "false"
    elif has == BORNE:
        card = _known(f"{model._meta.db_table}.{bearer}")
        kept = _within("writes") if "unit_id" in columns else _ACTS
        yield APP, card, kept
        yield FILE, opened, "false"
    elif has == CARD:
        yield APP, _within("personal"), "false"
        yield FILE, opened, "false"


_HAND_OVER = """
DO $$ DECLARE name regprocedure; BEGIN
    GRANT CREATE ON SCHEMA canbo TO canbo_authority;
    FOR name IN SELECT oid FROM pg_proc WHERE pronamespace = 'canbo'::regnamespace AND prosecdef
        AND 'search_path=canbo, pg_temp' = ANY (proconfig)
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET timezone TO %L', name, {zone});
        EXECUTE format('ALTER FUNCTION %s OWNER TO canbo_authority', name);
    END LOOP;
    REVOKE CREATE ON SCHEMA canbo FROM canbo_authority;
END $$
"""
"""The functions that look beyond a reader's rights belong to a role that cannot log in and owns nothing else, and to
them it is the day of the installation, whatever zone the session of whoever asks is set to. Done at set-up and not by
a migration: a dump could not be restored otherwise, for it gives functions away before rights.
"""


def protect(alias: str = "owner") -> None:
    """Write the policies, the triggers of what is derived, and the profile's roles."""
    zone = sql.Literal(Installation.objects.using(alias).get(pk=1).time_zone)
    with connections[alias].cursor() as cursor:
        cursor.execute(sql.SQL(_HAND_OVER).format(zone=zone))
        for model in apps.get_models():
            if model.__module__.startswith("canbo.") and model._meta.managed and not model._meta.proxy:
                for statement in _statements(model):
                    cursor.execute(statement)
    _roles(alias)


def _statements(model: type[models.Model]) -> Iterator[str]:
    table = model._meta.db_table
    may = getattr(model, "APP_MAY", "SELECT")
    if level(model) in (OPEN, LOG):  # a log brings policies of its own
        yield f"GRANT {may} ON {table} TO {WHOLE}, {FILE}"
        yield f"GRANT SELECT ON {table} TO canbo_authority"
        return
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    lenses = (f"{lens}_{verb}" for lens in LENSES for verb in ("reads", "adds", "retires"))
    for name in ("authority", "signin", *lenses):
        yield f"DROP POLICY IF EXISTS {name} ON {table}"
    if level(model):  # of accounts only the keys, which a migration grants
        yield f"GRANT SELECT ON {table} TO canbo_authority"
    yield f"CREATE POLICY authority ON {table} TO canbo_authority USING (true) WITH CHECK (true)"
    if hasattr(model, "SIGNIN_MAY"):
        yield f"CREATE POLICY signin ON {table} TO canbo_signin USING (true) WITH CHECK (true)"
    for lens, shows, takes in policies(model):
        yield f"CREATE POLICY {lens}_reads ON {table} FOR SELECT TO {lens} USING ({shows})"
        yield f"GRANT {may if takes != 'false' else 'SELECT'} ON {table} TO {lens}"
        if "INSERT" in may and takes != "false":
            yield f"CREATE POLICY {lens}_adds ON {table} FOR INSERT TO {lens} WITH CHECK ({takes})"
        if "UPDATE" in may and takes != "false":
            yield f"CREATE POLICY {lens}_retires ON {table} FOR UPDATE TO {lens} USING ({takes}) WITH CHECK ({takes})"
    if level(model) in (PERSONAL, BORNE) and "person" in {field.name for field in model._meta.fields}:
        yield (
            f"CREATE OR REPLACE TRIGGER keeps_cards AFTER INSERT ON {table} REFERENCING NEW TABLE AS written "
            "FOR EACH STATEMENT EXECUTE FUNCTION canbo.card_keep_1()"
        )


def _roles(alias: str) -> None:
    """What the profile says of roles and titles, as the database needs it."""
    kinds = profile()
    roles = {**kinds.vocabulary("mandate_role"), **SYSTEM}
    Sight.objects.using(alias).all().delete()  # found by the roles as they were
    Title.objects.using(alias).all().delete()
    Role.objects.using(alias).all().delete()
    Role.objects.using(alias).bulk_create(
        Role(
            code=code,
            internal="internal" in said.get("reads", ()),
            personal="personal" in said.get("reads", ()),
            writes=bool(said.get("acts")) or said.get("writes", False),
            territory=said.get("territory", False),
            everything=said.get("everything", False),
            audits=said.get("audits", False),
            grants=said.get("grants", False),
            counts=said.get("counts", []),
        )
        for code, said in roles.items()
    )
    Title.objects.using(alias).bulk_create(
        Title(title=title, role_id=said["gives"])
        for title, said in kinds.vocabulary("post_title").items()
        if "gives" in said
    )
