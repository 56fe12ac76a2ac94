-- What reach is found from beside facts, kept by triggers: who keeps the records of ended units, and people's cards.

-- The keeper of each ended unit. Rebuilt for the units whose end, parents or successors a statement touched.
CREATE FUNCTION canbo.custody_rebuild_1(touched bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    DELETE FROM access_custody USING unnest(touched) AS u (unit) WHERE unit_id = u.unit;
    WITH ended AS MATERIALIZED (
        SELECT s.unit_id AS unit, max(coalesce(upper(s.valid), 'infinity')) AS since FROM (
            SELECT unit_id, valid FROM registry_organisation WHERE upper_inf(recorded) AND unit_id = ANY (touched)
            UNION ALL
            SELECT unit_id, valid FROM registry_place WHERE upper_inf(recorded) AND unit_id = ANY (touched)) s
         GROUP BY s.unit_id HAVING max(coalesce(upper(s.valid), 'infinity')) < 'infinity'),
    heir AS (
        SELECT e.unit, e.since, l.unit_id AS keeper, 1 AS way, l.whole, coalesce(lower(l.valid), 'infinity') AS day, l.fact
          FROM ended e JOIN registry_lineage l ON l.predecessor_id = e.unit AND upper_inf(l.recorded)
        UNION ALL
        SELECT e.unit, e.since, p.parent_id, 2, false, coalesce(upper(p.valid), 'infinity'), p.fact
          FROM ended e JOIN registry_placement p ON p.unit_id = e.unit AND upper_inf(p.recorded)),
    direct AS (SELECT DISTINCT ON (unit) unit, keeper, since FROM heir ORDER BY unit, way, whole DESC, day DESC, fact)
    INSERT INTO access_custody (unit_id, keeper_id, since)
    SELECT unit, keeper, since FROM direct WHERE keeper IS NOT NULL AND keeper <> unit
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
