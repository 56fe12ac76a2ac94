-- What acting rests on beside reading: how far some of one's roles go, what a decision did beyond one's sight, and under
-- whose key the log is written. As in authority_1.sql all of it runs with the rights of canbo_authority.

-- Is a unit within reach today of those of one's roles that are named here? The same ways as in reach_1.
CREATE FUNCTION canbo.beyond_1(units bigint[], roles varchar[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH RECURSIVE top AS MATERIALIZED (
        SELECT g.unit, bool_or(r.territory) AS territory FROM grants_1() g JOIN access_role r ON r.code = g.role
         WHERE g.role = ANY (roles) GROUP BY g.unit),
    place AS MATERIALIZED (
        SELECT DISTINCT c.descendant_id AS unit FROM top t
          JOIN registry_service s ON s.unit_id = t.unit AND s.valid @> today() AND upper_inf(s.recorded)
          JOIN registry_closure c ON c.ancestor_id = s.place_id AND c.valid @> today()
         WHERE t.territory),
    kept (asked, unit) AS (
        SELECT u, u FROM unnest(units) u
        UNION SELECT k.asked, c.keeper_id FROM kept k JOIN access_custody c ON c.unit_id = k.unit AND c.since <= today()),
    above AS (
        SELECT k.asked, c.ancestor_id AS unit FROM kept k
          JOIN registry_closure c ON c.descendant_id = k.unit AND c.valid @> today())
    SELECT coalesce(array_agg(u), '{}') FROM unnest(units) u
     WHERE NOT sees_all_1() AND u NOT IN (
        SELECT asked FROM above WHERE unit IN (SELECT unit FROM top)
        UNION SELECT asked FROM kept WHERE unit IN (SELECT unit FROM place)
        UNION SELECT a.asked FROM above a
          JOIN registry_service s ON s.unit_id = a.unit AND s.valid @> today() AND upper_inf(s.recorded)
         WHERE s.place_id IN (SELECT unit FROM place))
$$;

-- How many facts of a kind some acts wrote or retired, also those that whoever asks may not see: a number, no fact.
CREATE FUNCTION canbo.touched_1(kind regclass, acts bigint[]) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
DECLARE many bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = kind AND a.attname = 'asserted_by_id') THEN RAISE EXCEPTION '% is no kind of fact', kind; END IF;
    EXECUTE format('SELECT count(DISTINCT fact) FROM (SELECT fact FROM %1$s WHERE asserted_by_id = ANY ($1)
                    UNION SELECT fact FROM %1$s WHERE retracted_by_id = ANY ($1)) f', kind) INTO many USING acts;
    RETURN many;
END $$;

-- Whoever holds the key of a transaction is named in its rows of the log, whatever a page says.
CREATE FUNCTION canbo.audit_person_1() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    NEW.person := coalesce(me_1(), NEW.person);
    RETURN NEW;
END $$;
CREATE TRIGGER audit_person BEFORE INSERT ON kernel_audit FOR EACH ROW EXECUTE FUNCTION canbo.audit_person_1();

-- For sign-in, which invites people on file: whose code this is, and the codes of those who have accounts. No names.
CREATE FUNCTION canbo.person_coded_1(said text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT id FROM registry_person WHERE code = said
$$;

CREATE FUNCTION canbo.codes_1(people bigint[]) RETURNS TABLE (person bigint, code varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT id, code FROM registry_person WHERE id = ANY (people)
$$;
