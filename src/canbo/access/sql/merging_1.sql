-- Numbers of people that lead to another one, since the records of both were merged. Whoever may act on one of them is told
-- where it leads, as a key; who that is, the policies show or do not.

CREATE FUNCTION canbo.led_1(people bigint[]) RETURNS TABLE (former bigint, person bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT a.former_id, a.person_id FROM registry_alias a WHERE a.former_id = ANY (people) AND upper_inf(a.recorded)
$$;

CREATE FUNCTION canbo.number_now_1(person bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT coalesce((SELECT l.person FROM led_1(ARRAY[number_now_1.person]) l), number_now_1.person)
$$;

-- Of the numbers that some acts merged: those that a fact still names, whoever may see it, and those that sign in.
CREATE FUNCTION canbo.left_behind_1(acts bigint[]) RETURNS TABLE (person bigint, signs_in boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
DECLARE
    merged bigint[] := (SELECT array_agg(a.former_id) FROM registry_alias a WHERE a.asserted_by_id = ANY (acts));
    kind record;
BEGIN
    IF merged IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT a.person_id, true FROM access_account a WHERE a.person_id = ANY (merged) AND a.is_active;
    FOR kind IN SELECT k.conrelid::regclass AS of, c.attname FROM pg_constraint k
        JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attnum = k.conkey[1]
        JOIN pg_attribute f ON f.attrelid = k.conrelid AND f.attname = 'asserted_by_id'
        WHERE k.contype = 'f' AND k.confrelid = 'registry_person'::regclass
          AND NOT (k.conrelid = 'registry_alias'::regclass AND c.attname = 'former_id')
    LOOP
        RETURN QUERY EXECUTE format(
            'SELECT DISTINCT %2$I, false FROM %1$s WHERE %2$I = ANY ($1) AND upper_inf(recorded)', kind.of, kind.attname)
            USING merged;
    END LOOP;
END $$;

-- Invitations go to whom a number leads.
CREATE OR REPLACE FUNCTION canbo.person_coded_1(said text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT number_now_1(id) FROM registry_person WHERE code = said
$$;

-- What was read under a former number concerns the person too.
CREATE OR REPLACE FUNCTION canbo.audit_may_read_1(what text, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = canbo, public, pg_temp AS $$
    SELECT canbo.audits_1() OR what = 'read-of' AND coalesce(canbo.number_now_1(person) = canbo.me_1(), false)
$$;
