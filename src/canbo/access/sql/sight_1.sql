-- Reach, remembered. What reach_1 said it says still; what it rests on is found once after each decision and not once for
-- each table of a statement. Whatever authority follows from comes by decisions, whose instants ascend in the order in
-- which they are committed, so what was found on a day as of the last decision stays true until the next one. Nothing
-- is forgotten: what is of another day or another instant is not believed, and found anew.

ALTER FUNCTION canbo.reach_1(text) RENAME TO reached_1;

CREATE FUNCTION canbo.reach_1(level text) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    RETURN coalesce(
        (SELECT s.units FROM access_sight s
          WHERE s.person_id = me_1() AND s.level = reach_1.level AND s.day = today()
            AND s.known = (SELECT max(applied_at) FROM registry_decision)),
        reached_1(level));
END $$;

-- Find once what the holder of a key may read. One statement, and so one snapshot, of the instant and of what it rests on.
CREATE FUNCTION canbo.look_1(key text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    PERFORM set_config('app.session', key, true);
    INSERT INTO access_sight AS s (person_id, level, day, known, units)
    SELECT me, level, today(), d.known, reached_1(level)
      FROM me_1() AS me, unnest(ARRAY['internal', 'personal']) AS level,
           (SELECT max(applied_at) AS known FROM registry_decision) AS d
     WHERE me IS NOT NULL AND d.known IS NOT NULL AND NOT EXISTS (
           SELECT FROM access_sight o
            WHERE o.person_id = me AND o.level = level.level AND o.day = today() AND o.known = d.known)
        ON CONFLICT (person_id, level) DO UPDATE
       SET day = excluded.day, known = excluded.known, units = excluded.units
     WHERE (s.known, s.day) < (excluded.known, excluded.day);
END $$;
