-- Totals of what may not be opened record by record.

-- In a sensitive breakdown a group of 1 or 2 is withheld (NULL), and with it the next smallest, so that none of them
-- follows from the total and the others; alike groups alike, so that the order of names tells nothing. Where there is
-- no larger group to withhold, no group is told at all. An empty group identifies nobody and is shown.
CREATE FUNCTION canbo.withhold_1(names text[], totals bigint[]) RETURNS TABLE (grouped text, total bigint)
LANGUAGE sql IMMUTABLE SET search_path = canbo, pg_temp AS $$
    WITH told AS (SELECT u.grouped, u.total FROM unnest(names, totals) u (grouped, total)),
    small AS (
        SELECT coalesce(bool_or(t.total IN (1, 2)), false) AS some, min(t.total) FILTER (WHERE t.total > 2) AS next
          FROM told t)
    SELECT t.grouped, CASE WHEN s.some AND (t.total IN (1, 2) OR t.total = s.next) THEN NULL ELSE t.total END
      FROM told t, small s WHERE NOT s.some OR s.next IS NOT NULL
    UNION ALL
    SELECT 'unknown', NULL FROM small s WHERE s.some AND s.next IS NULL
$$;

-- The total of a declared question, or its groups, the unknown one among them. No row where the question is not
-- declared or no role of whoever asks counts it over the unit. What is counted is the whole figure, of the unit as it
-- was on its days; the statement finds the units in `covered`, and those directly beneath the unit in `branch`.
CREATE FUNCTION canbo.total_1(
    indicator text, conditions jsonb, unit bigint, since date, until date, known timestamptz, breakdown text
) RETURNS TABLE (grouped text, total bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $body$
DECLARE
    asked reports_declared;
    names text[];
    totals bigint[];
BEGIN
    SELECT * INTO asked FROM reports_declared d
     WHERE d.indicator = total_1.indicator AND d.conditions = total_1.conditions AND d.breakdown = total_1.breakdown;
    IF asked.id IS NULL OR NOT coalesce(total_1.unit <@ counts_1(total_1.indicator), false) THEN
        RETURN;
    END IF;
    EXECUTE $$
        WITH RECURSIVE root AS MATERIALIZED (
            SELECT $1 AS unit
            UNION SELECT s.unit_id FROM registry_service s
             WHERE s.place_id = $1 AND s.valid @> $3 AND s.recorded @> $4),
        covered AS (
            SELECT r.unit, daterange(NULL, NULL) AS valid FROM root r
            UNION
            SELECT p.unit_id, p.valid * c.valid FROM covered c
              JOIN registry_placement p ON p.parent_id = c.unit AND p.valid && c.valid AND p.recorded @> $4),
        branch AS (
            SELECT u.code, u.id AS unit, daterange(NULL, NULL) AS valid, 0 AS depth FROM root r
              JOIN registry_placement p ON p.parent_id = r.unit AND p.valid @> $3 AND p.recorded @> $4
              JOIN registry_unit u ON u.id = p.unit_id
            UNION
            SELECT b.code, p.unit_id, p.valid * b.valid, b.depth + 1 FROM branch b
              JOIN registry_placement p ON p.parent_id = b.unit AND p.valid && b.valid AND p.recorded @> $4),
        counted AS ($$ || asked.statement || $$),
        told AS (
            SELECT coalesce(nullif(n.grouped, ''), $5) AS grouped, sum(n.total)::bigint AS total
              FROM (SELECT c.grouped::text, c.total FROM counted c UNION ALL SELECT NULL, 0) n GROUP BY 1)
        SELECT array_agg(t.grouped), array_agg(t.total) FROM told t
    $$ INTO names, totals USING
        total_1.unit, total_1.since, total_1.until, total_1.known, CASE total_1.breakdown WHEN '' THEN '' ELSE 'unknown' END;
    IF asked.sensitive THEN
        RETURN QUERY SELECT * FROM withhold_1(names, totals);
    ELSE
        RETURN QUERY SELECT * FROM unnest(names, totals);
    END IF;
END $body$;
