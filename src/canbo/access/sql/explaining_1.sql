-- Why somebody may read a record, and pages as the holder of another role sees them. As in authority_1.sql all of it
-- runs with the rights of canbo_authority.

-- Does the key of this transaction let the pages be seen as somebody else sees them?
CREATE FUNCTION canbo.viewing_1() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT coalesce((bearer_1()).as_role <> '', false)
$$;

-- All units reached from some; from those that are `wide` also by the places that they serve. The same ways as in reach_1.
CREATE FUNCTION canbo.reached_from_1(units bigint[], wide bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH RECURSIVE place AS MATERIALIZED (
        SELECT DISTINCT c.descendant_id AS unit FROM registry_service s
          JOIN registry_closure c ON c.ancestor_id = s.place_id AND c.valid @> today()
         WHERE s.unit_id = ANY (wide) AND s.valid @> today() AND upper_inf(s.recorded)),
    today_mine AS MATERIALIZED (
        SELECT c.descendant_id AS unit FROM registry_closure c WHERE c.ancestor_id = ANY (units) AND c.valid @> today()
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

-- Where whoever asks may give authority, and so see pages as those who have it there: within reach of roles that grant.
CREATE FUNCTION canbo.granting_1() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT reached_from_1(array_agg(g.unit), coalesce(array_agg(g.unit) FILTER (WHERE r.territory), '{}'))
      FROM grants_1() g JOIN access_role r ON r.code = g.role WHERE r.grants
$$;

-- Whoever sees pages as somebody else has that one role, while they may give it there, and is nobody on file.
CREATE FUNCTION canbo.grants_2() RETURNS TABLE (unit bigint, role varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT g.unit, g.role FROM grants_1() g WHERE NOT viewing_1()
    UNION ALL
    SELECT b.as_unit_id, b.as_role FROM bearer_1() b WHERE b.as_role <> '' AND b.as_unit_id = ANY (granting_1())
$$;

CREATE FUNCTION canbo.me_2() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT (bearer_1()).person_id WHERE NOT viewing_1()
$$;

-- They see no more than they do themselves, and can write nothing.
CREATE FUNCTION canbo.sees_all_2() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT sees_all_1() AND (NOT viewing_1()
        OR EXISTS (SELECT FROM grants_2() g JOIN access_role r ON r.code = g.role WHERE r.everything))
$$;

CREATE FUNCTION canbo.acts_2() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$ SELECT NOT viewing_1() AND acts_1() $$;

CREATE FUNCTION canbo.audits_2() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT audits_1() AND (NOT viewing_1()
        OR EXISTS (SELECT FROM grants_2() g JOIN access_role r ON r.code = g.role WHERE r.audits))
$$;

CREATE FUNCTION canbo.seen_as_1(level text) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH top AS (
        SELECT g.unit, r.territory FROM grants_2() g JOIN access_role r ON r.code = g.role
         WHERE CASE level WHEN 'personal' THEN r.personal WHEN 'internal' THEN r.internal END)
    SELECT coalesce(array_agg(unit), '{}')
      FROM unnest(reached_from_1(ARRAY(SELECT unit FROM top), ARRAY(SELECT unit FROM top WHERE territory))) AS unit
     WHERE sees_all_1() OR unit IN (SELECT unnest(reach_1(level)))
$$;

CREATE FUNCTION canbo.reach_2(level text) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT CASE WHEN viewing_1() THEN seen_as_1(level) ELSE reach_1(level) END
$$;

CREATE FUNCTION canbo.opened_2() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT p.id FROM registry_person p
     WHERE p.id = CASE WHEN current_setting('app.opened', true) ~ '^[0-9]{1,18}$'
                       THEN current_setting('app.opened', true)::bigint END
       AND signed_in_1()
       AND (p.id = me_2() OR sees_all_2() OR homes_1(p.id) && reach_2('personal'))
$$;

CREATE OR REPLACE FUNCTION canbo.audit_may_read_1(what text, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = canbo, public, pg_temp AS $$
    SELECT canbo.audits_2() OR what = 'read-of' AND coalesce(person = canbo.me_2(), false)
$$;

-- Everybody who has a role over some units today (over any, where none are named), and by which fact: held_1 and grants_1
-- the other way round.
CREATE FUNCTION canbo.holders_1(roles varchar[], units bigint[])
RETURNS TABLE (person bigint, unit bigint, role varchar, kind text, fact bigint, act bigint, post bigint, giver bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT i.person_id, i.unit_id, t.role_id, 'incumbency', i.fact, i.opened_by_id, i.post_id, NULL::bigint
      FROM registry_incumbency i
      JOIN registry_postrecord r ON r.post_id = i.post_id AND r.valid @> today() AND upper_inf(r.recorded)
      JOIN access_title t ON t.title = r.title AND t.role_id = ANY (roles)
     WHERE i.valid @> today() AND upper_inf(i.recorded) AND (units IS NULL OR i.unit_id = ANY (units))
    UNION ALL
    SELECT m.person_id, m.unit_id, m.role, 'mandate', m.fact, m.opened_by_id, NULL, NULL FROM registry_mandate m
     WHERE m.valid @> today() AND upper_inf(m.recorded) AND m.role = ANY (roles)
       AND (units IS NULL OR m.unit_id = ANY (units))
    UNION ALL
    SELECT d.person_id, d.unit_id, d.role, 'delegation', d.fact, d.opened_by_id, NULL, d.giver_id
      FROM registry_delegation d
     WHERE d.valid @> today() AND upper_inf(d.recorded) AND d.role = ANY (roles)
       AND (units IS NULL OR d.unit_id = ANY (units))
       AND EXISTS (SELECT FROM held_1(d.giver_id) h
                   JOIN registry_closure c ON c.ancestor_id = h.unit AND c.descendant_id = d.unit_id AND c.valid @> today()
                   WHERE h.role = d.role)
$$;

-- Over which units a role has to be held to reach these today (`wide`: one that goes as far as the places its unit serves),
-- and who keeps the unit where it ended: reach_1 the other way round.
CREATE FUNCTION canbo.ways_1(units bigint[])
RETURNS TABLE (target bigint, keeper bigint, unit bigint, wide boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH RECURSIVE kept (target, unit) AS (
        SELECT u, u FROM unnest(units) u
        UNION SELECT k.target, c.keeper_id FROM kept k
          JOIN access_custody c ON c.unit_id = k.unit AND c.since <= today()),
    above AS MATERIALIZED (
        SELECT k.target, k.unit AS keeper, c.ancestor_id AS unit FROM kept k
          JOIN registry_closure c ON c.descendant_id = k.unit AND c.valid @> today()),
    served AS (
        SELECT a.target, a.keeper, a.unit AS place FROM above a
        UNION
        SELECT a.target, a.keeper, c.ancestor_id FROM above a
          JOIN registry_service s ON s.unit_id = a.unit AND s.valid @> today() AND upper_inf(s.recorded)
          JOIN registry_closure c ON c.descendant_id = s.place_id AND c.valid @> today())
    SELECT a.target, a.keeper, a.unit, false FROM above a
    UNION
    SELECT p.target, p.keeper, s.unit_id, true FROM served p
      JOIN registry_service s ON s.place_id = p.place AND s.valid @> today() AND upper_inf(s.recorded)
$$;

-- Who may read a record of a unit, of somebody's file, or the name of a person (no unit), and why: by which fact they have
-- which role over which unit, and how that reaches here (`way`; `at` is the unit here, `keeper` who keeps it where it ended,
-- `file` whether it opens the whole file). Asked by whoever may read it themselves; who is beyond their sight has no key.
CREATE FUNCTION canbo.readers_1(level text, unit bigint, whose bigint)
RETURNS TABLE (person bigint, role varchar, over bigint, kind text, fact bigint, act bigint, post bigint, giver bigint,
               way text, at bigint, keeper bigint, file boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH may AS MATERIALIZED (
        SELECT sees_all_2() AS whole, me_2() AS me, reach_2('personal') AS personal, reach_2(level) AS units),
    known AS MATERIALIZED (SELECT c.unit_id AS unit FROM access_card c WHERE c.person_id = whose),
    target AS MATERIALIZED (
        SELECT u AS unit, false AS file FROM unnest(ARRAY[readers_1.unit]) u WHERE u IS NOT NULL
        UNION SELECT k.unit, false FROM known k WHERE readers_1.unit IS NULL
        UNION SELECT h, true FROM unnest(homes_1(whose)) h),
    allowed AS MATERIALIZED (
        SELECT FROM may m
         WHERE signed_in_1() AND level IN ('internal', 'personal')
           AND (whose IS NULL OR readers_1.unit IS NULL OR readers_1.unit IN (SELECT k.unit FROM known k))
           AND (m.whole OR m.me = whose OR EXISTS (SELECT FROM target t WHERE t.unit = ANY (m.units)))),
    way AS MATERIALIZED (
        SELECT w.*, t.file FROM target t, allowed, ways_1(ARRAY[t.unit]) w),
    reading AS MATERIALIZED (
        SELECT r.code, r.territory, r.everything FROM access_role r
         WHERE r.everything OR CASE level WHEN 'personal' THEN r.personal WHEN 'internal' THEN r.internal END),
    reason AS (
        SELECT h.*, CASE WHEN w.wide THEN 'place' ELSE 'beneath' END AS way, w.target, w.keeper, w.file
          FROM holders_1(ARRAY(SELECT code FROM reading), ARRAY(SELECT DISTINCT w.unit FROM way w)) h
          JOIN reading r ON r.code = h.role JOIN way w ON w.unit = h.unit AND (r.territory OR NOT w.wide)
        UNION ALL
        SELECT h.*, 'everything', NULL, NULL, whose IS NOT NULL FROM allowed, holders_1(
            ARRAY(SELECT code FROM reading WHERE everything), NULL) h
        UNION ALL
        SELECT whose, NULL, NULL, 'own', NULL, NULL, NULL, NULL, 'own', NULL, NULL, true FROM allowed WHERE whose IS NOT NULL),
    best AS (
        SELECT DISTINCT ON (kind, fact, role) * FROM reason
         ORDER BY kind, fact, role, way = 'everything' DESC, file DESC, way, keeper <> target, target)
    SELECT CASE WHEN seen THEN b.person END, b.role, b.unit, b.kind, CASE WHEN seen THEN b.fact END, b.act, b.post,
           CASE WHEN seen_giver THEN b.giver END, b.way, CASE WHEN here THEN b.target END,
           CASE WHEN here AND b.keeper <> b.target THEN b.keeper END, b.file
      FROM best b, may m, LATERAL (
        SELECT m.whole OR coalesce(b.person = m.me, false) OR EXISTS (
                   SELECT FROM access_card c WHERE c.person_id = b.person AND c.unit_id = ANY (m.personal)) AS seen,
               m.whole OR coalesce(b.giver = m.me, false) OR EXISTS (
                   SELECT FROM access_card c WHERE c.person_id = b.giver AND c.unit_id = ANY (m.personal)) AS seen_giver,
               m.whole OR coalesce(whose = m.me, false) OR coalesce(b.target = ANY (m.units), true) AS here) s
$$;

-- Who has one of these roles over a unit, for whoever is refused what it takes: the role and where it is held may be known,
-- the person only to those who may see them.
CREATE FUNCTION canbo.able_1(roles varchar[], unit bigint)
RETURNS TABLE (person bigint, role varchar, over bigint, post bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH way AS MATERIALIZED (SELECT DISTINCT w.unit, w.wide FROM ways_1(ARRAY[able_1.unit]) w)
    SELECT DISTINCT CASE WHEN sees_all_2() OR EXISTS (
               SELECT FROM access_card c WHERE c.person_id = h.person AND c.unit_id IN (SELECT unnest(reach_2('personal'))))
           THEN h.person END, h.role, h.unit, h.post
      FROM holders_1(able_1.roles, ARRAY(SELECT w.unit FROM way w)) h
      JOIN access_role r ON r.code = h.role JOIN way w ON w.unit = h.unit AND (r.territory OR NOT w.wide)
     WHERE signed_in_1()
$$;
