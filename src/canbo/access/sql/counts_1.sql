-- What may be counted without being read: roles say of which indicators (`counts` of the profile's roles).

-- The units of which whoever asks may have totals of an indicator.
CREATE FUNCTION canbo.counts_1(indicator text) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT reached_from_1(array_agg(g.unit), array_agg(g.unit) FILTER (WHERE r.territory))
      FROM grants_2() g JOIN access_role r ON r.code = g.role
     WHERE r.counts && ARRAY[indicator, '*']::varchar[]
$$;

-- By which roles over which units whoever asks may count: two readers who differ in it are shown different figures.
CREATE FUNCTION canbo.counting_1() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT coalesce(array_agg(g.role || ' ' || g.unit ORDER BY g.role, g.unit), '{}')
      FROM grants_2() g JOIN access_role r ON r.code = g.role WHERE r.counts <> '{}'
$$;
