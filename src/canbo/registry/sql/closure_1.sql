-- The dated closure of the trees: closure(ancestor, descendant, valid) = intersection of the placements on each path.
-- Only current knowledge: retired versions of placements do not count. Runs with its owner's rights, so that the
-- application may keep the closure by placing units, but never write it.
CREATE FUNCTION closure_cycle_1(unit bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'unit % would lie beneath itself', unit USING ERRCODE = '23514', CONSTRAINT = 'no_cycle';
END $$;

CREATE FUNCTION closure_rebuild_1(changed bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = canbo, public, pg_temp AS $$
DECLARE
    affected bigint[];
BEGIN
    WITH RECURSIVE beneath (id) AS (
        SELECT unnest(changed)
        UNION
        SELECT p.unit_id FROM registry_placement p JOIN beneath b ON p.parent_id = b.id)
    SELECT array_agg(id) INTO affected FROM beneath;

    DELETE FROM registry_closure WHERE descendant_id = ANY (affected);

    INSERT INTO registry_closure (ancestor_id, descendant_id, depth, valid)
    WITH RECURSIVE up (descendant, ancestor, depth, valid, path) AS (
        SELECT id, id, 0, daterange(NULL, NULL), ARRAY[id] FROM unnest(affected) AS id
        UNION ALL
        SELECT u.descendant, p.parent_id, u.depth + 1, u.valid * p.valid, u.path || p.parent_id
        FROM up u
        JOIN registry_placement p ON p.unit_id = u.ancestor AND p.valid && u.valid AND upper_inf(p.recorded)
        WHERE CASE WHEN p.parent_id = ANY (u.path) THEN closure_cycle_1(p.parent_id) ELSE true END)
    SELECT ancestor, descendant, depth, valid FROM up;
END $$;

CREATE FUNCTION closure_self_1() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = canbo, public, pg_temp AS $$
BEGIN
    INSERT INTO registry_closure (ancestor_id, descendant_id, depth, valid)
    SELECT id, id, 0, daterange(NULL, NULL) FROM new_rows;
    RETURN NULL;
END $$;

CREATE TRIGGER closure_self AFTER INSERT ON registry_unit
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION closure_self_1();
