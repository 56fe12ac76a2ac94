-- What may be counted without being read: roles say of which indicators (`counts` of the profile's roles).

-- How far roles over these units reach today: beneath them, the places that `territories` of them serve with whoever
-- serves these, and ended units in the custody of any of them. As `reach_1`, for any choice of roles.
CREATE FUNCTION canbo.spread_1(units bigint[], territories bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH RECURSIVE place AS MATERIALIZED (
        SELECT DISTINCT c.descendant_id AS unit FROM unnest(territories) t (unit)
          JOIN registry_service s ON s.unit_id = t.unit AND s.valid @> today() AND upper_inf(s.recorded)
          JOIN registry_closure c ON c.ancestor_id = s.place_id AND c.valid @> today()),
    today_mine AS MATERIALIZED (
        SELECT c.descendant_id AS unit FROM unnest(units) t (unit)
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

-- The units of which whoever asks may have totals of an indicator.
CREATE FUNCTION canbo.counts_1(indicator text) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT spread_1(array_agg(g.unit), array_agg(g.unit) FILTER (WHERE r.territory))
      FROM grants_1() g JOIN access_role r ON r.code = g.role
     WHERE r.counts && ARRAY[indicator, '*']::varchar[]
$$;

-- By which roles over which units whoever asks may count: two readers who differ in it are shown different figures.
CREATE FUNCTION canbo.counting_1() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT coalesce(array_agg(g.role || ' ' || g.unit ORDER BY g.role, g.unit), '{}')
      FROM grants_1() g JOIN access_role r ON r.code = g.role WHERE r.counts <> '{}'
$$;
