-- What reach is found from beside facts, kept by triggers: who keeps the records of ended units, and people's cards.

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
