-- Who is asking, and how far they may see today. All of it runs with the rights of canbo_authority, which cannot log in:
-- a policy names these functions, and the role of the application can call them but read none of what they rest on.

-- The key that this transaction holds, if it is one that is valid.
CREATE FUNCTION canbo.bearer_1() RETURNS canbo.access_key
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT k FROM access_key k
     WHERE k.digest = CASE WHEN current_setting('app.session', true) ~ '^[0-9a-f]{64}$'
                           THEN sha256(decode(current_setting('app.session', true), 'hex')) END
       AND k.ended_at IS NULL AND statement_timestamp() < k.ends_at
$$;

CREATE FUNCTION canbo.me_1() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$ SELECT (bearer_1()).person_id $$;

CREATE FUNCTION canbo.signed_in_1() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$ SELECT (bearer_1()).id IS NOT NULL $$;

-- The roles somebody has by what is so today: posts held, mandates, and what others who may do so let them do.
CREATE FUNCTION canbo.held_1(who bigint) RETURNS TABLE (unit bigint, role varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT i.unit_id, t.role_id FROM registry_incumbency i
      JOIN registry_postrecord r ON r.post_id = i.post_id AND r.valid @> today() AND upper_inf(r.recorded)
      JOIN access_title t ON t.title = r.title
     WHERE i.person_id = who AND i.valid @> today() AND upper_inf(i.recorded)
    UNION
    SELECT m.unit_id, m.role FROM registry_mandate m
     WHERE m.person_id = who AND m.valid @> today() AND upper_inf(m.recorded)
$$;

CREATE FUNCTION canbo.grants_1() RETURNS TABLE (unit bigint, role varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT h.unit, h.role FROM held_1(me_1()) h
    UNION
    SELECT d.unit_id, d.role FROM registry_delegation d
     WHERE d.person_id = me_1() AND d.valid @> today() AND upper_inf(d.recorded)
       AND EXISTS (SELECT FROM held_1(d.giver_id) h
                   JOIN registry_closure c ON c.ancestor_id = h.unit AND c.descendant_id = d.unit_id AND c.valid @> today()
                   WHERE h.role = d.role)
$$;

-- May whoever asks read (or write) everything there is?
CREATE FUNCTION canbo.sees_all_1() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT coalesce((SELECT r.everything FROM access_role r WHERE r.code = (bearer_1()).system), false)
        OR EXISTS (SELECT FROM grants_1() g JOIN access_role r ON r.code = g.role WHERE r.everything)
$$;

-- May whoever asks do any act? Which ones, and whose, is asked by the application and by the rows' own policies.
CREATE FUNCTION canbo.acts_1() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT sees_all_1() OR EXISTS (SELECT FROM grants_1() g JOIN access_role r ON r.code = g.role WHERE r.writes)
$$;

CREATE FUNCTION canbo.audits_1() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT coalesce((SELECT r.audits FROM access_role r WHERE r.code = (bearer_1()).system), false)
        OR EXISTS (SELECT FROM grants_1() g JOIN access_role r ON r.code = g.role WHERE r.audits)
$$;

-- All units whose rows of a level ('internal', 'personal', or 'writes') may be read today, whatever the day of the page:
-- those beneath the units of one's roles, the places these serve with whoever serves them, and ended units in the
-- custody of any of them. Authority is today's over the whole past.
CREATE FUNCTION canbo.reach_1(level text) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH RECURSIVE top AS MATERIALIZED (
        SELECT g.unit, bool_or(r.territory) AS territory FROM grants_1() g JOIN access_role r ON r.code = g.role
         WHERE CASE level WHEN 'personal' THEN r.personal WHEN 'internal' THEN r.internal WHEN 'writes' THEN r.writes END
         GROUP BY g.unit),
    place AS MATERIALIZED (
        SELECT DISTINCT c.descendant_id AS unit FROM top t
          JOIN registry_service s ON s.unit_id = t.unit AND s.valid @> today() AND upper_inf(s.recorded)
          JOIN registry_closure c ON c.ancestor_id = s.place_id AND c.valid @> today()
         WHERE t.territory),
    today_mine AS MATERIALIZED (
        SELECT c.descendant_id AS unit FROM top t
          JOIN registry_closure c ON c.ancestor_id = t.unit AND c.valid @> today()
        UNION SELECT unit FROM place
        UNION
        SELECT c.descendant_id FROM place p
          JOIN registry_service s ON s.place_id = p.unit AND s.valid @> today() AND upper_inf(s.recorded)
          JOIN registry_closure c ON c.ancestor_id = s.unit_id AND c.valid @> today()),
    mine AS (
        SELECT unit FROM today_mine
        UNION
        SELECT k.unit_id FROM mine m JOIN access_custody k ON k.keeper_id = m.unit AND k.since <= today())
    SELECT coalesce(array_agg(unit), '{}') FROM mine
$$;

-- Where a person belongs: the units of the membership, employment, posts and file that last today, else of the last.
CREATE FUNCTION canbo.homes_1(who bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH stays AS (
        SELECT unit_id, valid FROM registry_membership WHERE person_id = who AND upper_inf(recorded)
        UNION ALL SELECT unit_id, valid FROM registry_employment WHERE person_id = who AND upper_inf(recorded)
        UNION ALL SELECT unit_id, valid FROM registry_incumbency WHERE person_id = who AND upper_inf(recorded)
        UNION ALL SELECT unit_id, valid FROM registry_particulars WHERE person_id = who AND upper_inf(recorded))
    SELECT array_agg(DISTINCT unit_id) FROM stays
     WHERE valid @> today()
        OR NOT EXISTS (SELECT FROM stays WHERE valid @> today())
           AND upper(valid) = (SELECT max(upper(valid)) FROM stays WHERE upper(valid) <= today())
$$;

-- The person whose file this transaction opened, if whoever asks may: it is their own, or its home is within reach.
-- The home is where the person belongs now: every unit of a fact that holds today, else of the last one that held.
CREATE FUNCTION canbo.opened_1() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT p.id FROM registry_person p
     WHERE p.id = CASE WHEN current_setting('app.opened', true) ~ '^[0-9]{1,18}$'
                       THEN current_setting('app.opened', true)::bigint END
       AND signed_in_1()
       AND (p.id = me_1() OR sees_all_1() OR homes_1(p.id) && reach_1('personal'))
$$;

-- The keeper of each ended unit. Rebuilt for the units whose end, parents or successors a statement touched.
CREATE FUNCTION canbo.custody_rebuild_1(touched bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    DELETE FROM access_custody USING unnest(touched) AS u (unit) WHERE unit_id = u.unit;
    INSERT INTO access_custody (unit_id, keeper_id, since)
    SELECT unit, keeper, since FROM (
        SELECT e.unit, e.since, coalesce(
            (SELECT l.unit_id FROM registry_lineage l
              WHERE l.predecessor_id = e.unit AND upper_inf(l.recorded)
              ORDER BY l.whole DESC, lower(l.valid) DESC, l.fact LIMIT 1),
            (SELECT p.parent_id FROM registry_placement p
              WHERE p.unit_id = e.unit AND upper_inf(p.recorded)
              ORDER BY upper(p.valid) DESC NULLS FIRST, p.fact LIMIT 1)) AS keeper
          FROM (SELECT unit, max(coalesce(upper(valid), 'infinity')) AS since
                  FROM (SELECT DISTINCT unnest(touched) AS unit) u JOIN (
                        SELECT unit_id, valid FROM registry_organisation WHERE upper_inf(recorded)
                        UNION ALL
                        SELECT unit_id, valid FROM registry_place WHERE upper_inf(recorded)) s ON s.unit_id = u.unit
                 GROUP BY unit) e
         WHERE e.since < 'infinity') k
     WHERE keeper IS NOT NULL AND keeper <> unit
$$;

CREATE FUNCTION canbo.custody_keep_1() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'registry_lineage' THEN
        PERFORM custody_rebuild_1((SELECT array_agg(DISTINCT predecessor_id) FROM written));
    ELSE
        PERFORM custody_rebuild_1((SELECT array_agg(DISTINCT unit_id) FROM written));
    END IF;
    RETURN NULL;
END $$;

-- A person's card: the units that facts name, once each.
CREATE FUNCTION canbo.card_keep_1() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    INSERT INTO access_card (person_id, unit_id)
    SELECT DISTINCT person_id, unit_id FROM written WHERE person_id IS NOT NULL
    ON CONFLICT (person_id, unit_id) DO NOTHING;
    RETURN NULL;
END $$;

-- Who may read the log: all of it whoever audits, what concerns a person also that person.
CREATE OR REPLACE FUNCTION canbo.audit_may_read_1(what text, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = canbo, public, pg_temp AS $$
    SELECT canbo.audits_1() OR what = 'read-of' AND coalesce(person = canbo.me_1(), false)
$$;
