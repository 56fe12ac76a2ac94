-- Why somebody may read a record. As in authority_1.sql all of it runs with the rights of canbo_authority.

-- Everybody who has a role over some units today (over any, where none are named), and by which fact: held_1 and
-- own_grants_1 the other way round.
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

-- Who may read a record of a unit, of somebody's file, or the name of a person (no unit), and why: by which fact they have
-- which role over which unit, and how that reaches here (`way`; `at` is the unit here, `keeper` who keeps it where it ended,
-- `file` whether it opens the whole file). Asked by whoever may read it themselves; who is beyond their sight has no key.
CREATE FUNCTION canbo.readers_1(level text, unit bigint, whose bigint)
RETURNS TABLE (person bigint, role varchar, over bigint, kind text, fact bigint, act bigint, post bigint, giver bigint,
               way text, at bigint, keeper bigint, file boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH may AS MATERIALIZED (
        SELECT sees_all_1() AS whole, me_1() AS me, reach_1('personal') AS personal, reach_1(level) AS units),
    known AS MATERIALIZED (SELECT c.unit_id AS unit FROM access_card c WHERE c.person_id = whose),
    target AS MATERIALIZED (
        SELECT u AS unit, false AS file FROM unnest(ARRAY[readers_1.unit]) u WHERE u IS NOT NULL
        UNION SELECT k.unit, false FROM known k WHERE readers_1.unit IS NULL
        UNION SELECT h, true FROM unnest(homes_1(whose)) h),
    allowed AS MATERIALIZED (
        SELECT FROM may m
         WHERE signed_in_1() AND level IN ('internal', 'personal')
           AND (whose IS NULL OR readers_1.unit IS NULL OR readers_1.unit IN (SELECT k.unit FROM known k))
           AND (m.whole OR m.me = whose OR EXISTS (SELECT FROM target t WHERE t.unit <@ m.units))),
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
                   SELECT FROM access_card c WHERE c.person_id = b.person AND c.unit_id <@ m.personal) AS seen,
               m.whole OR coalesce(b.giver = m.me, false) OR EXISTS (
                   SELECT FROM access_card c WHERE c.person_id = b.giver AND c.unit_id <@ m.personal) AS seen_giver,
               m.whole OR coalesce(whose = m.me, false) OR coalesce(b.target <@ m.units, true) AS here) s
$$;

-- Who has one of these roles over a unit, for whoever is refused what it takes: the role and where it is held may be known,
-- the person only to those who may see them.
CREATE FUNCTION canbo.able_1(roles varchar[], unit bigint)
RETURNS TABLE (person bigint, role varchar, over bigint, post bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH way AS MATERIALIZED (SELECT DISTINCT w.unit, w.wide FROM ways_1(ARRAY[able_1.unit]) w)
    SELECT DISTINCT CASE WHEN sees_all_1() OR EXISTS (
               SELECT FROM access_card c WHERE c.person_id = h.person AND c.unit_id <@ (SELECT reach_1('personal')))
           THEN h.person END, h.role, h.unit, h.post
      FROM holders_1(able_1.roles, ARRAY(SELECT w.unit FROM way w)) h
      JOIN access_role r ON r.code = h.role JOIN way w ON w.unit = h.unit AND (r.territory OR NOT w.wide)
     WHERE signed_in_1()
$$;
