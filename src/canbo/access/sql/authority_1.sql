-- Who is asking, what they may do, and how far they may see today. All of it runs with the rights of canbo_authority, which
-- cannot log in: policies name these functions, and the role of the application can call them but read none of what they
-- rest on. Units are told as ranges of their keys, few where units were founded together: a look into them is quick.

-- The key that this transaction holds, if it is one that is valid.
CREATE FUNCTION canbo.bearer_1() RETURNS canbo.access_key
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
DECLARE
    said text := current_setting('app.session', true);
    held access_key;
BEGIN
    IF said ~ '^[0-9a-f]{64}$' THEN
        SELECT * INTO held FROM access_key k
         WHERE k.digest = sha256(decode(said, 'hex')) AND k.ended_at IS NULL AND statement_timestamp() < k.ends_at;
    END IF;
    RETURN held;
END $$;

CREATE FUNCTION canbo.signed_in_1() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN RETURN (bearer_1()).id IS NOT NULL; END $$;

-- The person who holds the key, also while they see pages as somebody else.
CREATE FUNCTION canbo.self_1() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN RETURN (bearer_1()).person_id; END $$;

-- The person as whom pages are seen: whoever sees them as the holder of a role is nobody on file.
CREATE FUNCTION canbo.me_1() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
DECLARE held access_key := bearer_1();
BEGIN RETURN CASE held.as_role WHEN '' THEN held.person_id END; END $$;

-- Does a role give this?
CREATE FUNCTION canbo.gives_1(role canbo.access_role, what text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = canbo, pg_temp AS $$
    SELECT CASE what WHEN 'internal' THEN role.internal WHEN 'personal' THEN role.personal WHEN 'writes' THEN role.writes
                     WHEN 'audits' THEN role.audits WHEN 'grants' THEN role.grants WHEN 'everything' THEN role.everything
                     ELSE false END
$$;

-- The roles somebody has by what is so today: posts held, mandates, and what others who may do so let them do.
CREATE FUNCTION canbo.held_1(who bigint) RETURNS TABLE (unit bigint, role varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT i.unit_id, t.role_id FROM registry_incumbency i
      JOIN registry_postrecord r ON r.post_id = i.post_id AND r.valid @> today() AND upper_inf(r.recorded)
      JOIN access_title t ON t.title = r.title
     WHERE i.person_id = who AND i.valid @> today() AND upper_inf(i.recorded)
    UNION
    SELECT m.unit_id, m.role FROM registry_mandate m
     WHERE m.person_id = who AND m.valid @> today() AND upper_inf(m.recorded)
$$;

CREATE FUNCTION canbo.own_grants_1() RETURNS TABLE (unit bigint, role varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT h.unit, h.role FROM held_1(self_1()) h
    UNION
    SELECT d.unit_id, d.role FROM registry_delegation d
     WHERE d.person_id = self_1() AND d.valid @> today() AND upper_inf(d.recorded)
       AND EXISTS (SELECT FROM held_1(d.giver_id) h
                   JOIN registry_closure c ON c.ancestor_id = h.unit AND c.descendant_id = d.unit_id AND c.valid @> today()
                   WHERE h.role = d.role)
$$;

-- All units reached from some: those beneath them; from those that are `wide` also the places that they serve, with whoever
-- serves these; and ended units in the custody of any of them. Authority is today's over the whole past.
CREATE FUNCTION canbo.reached_1(units bigint[], wide bigint[]) RETURNS int8multirange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH RECURSIVE place AS MATERIALIZED (
        SELECT DISTINCT c.descendant_id AS unit FROM registry_service s
          JOIN registry_closure c ON c.ancestor_id = s.place_id AND c.valid @> today()
         WHERE s.unit_id = ANY (wide) AND s.valid @> today() AND upper_inf(s.recorded)),
    today_mine AS MATERIALIZED (
        SELECT c.descendant_id AS unit FROM registry_closure c WHERE c.ancestor_id = ANY (units) AND c.valid @> today()
        UNION SELECT unit FROM place
        UNION
        SELECT c.descendant_id FROM place p
          JOIN registry_service s ON s.place_id = p.unit AND s.valid @> today() AND upper_inf(s.recorded)
          JOIN registry_closure c ON c.ancestor_id = s.unit_id AND c.valid @> today()),
    mine AS (
        SELECT unit FROM today_mine
        UNION
        SELECT k.unit_id FROM mine m JOIN access_custody k ON k.keeper_id = m.unit AND k.since <= today())
    SELECT coalesce(range_agg(int8range(unit, unit + 1)), '{}') FROM mine
$$;

-- How far those of one's own roles go that give something.
CREATE FUNCTION canbo.own_reach_1(what text) RETURNS int8multirange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT reached_1(array_agg(g.unit), array_agg(g.unit) FILTER (WHERE r.territory))
      FROM own_grants_1() g JOIN access_role r ON r.code = g.role WHERE gives_1(r, what)
$$;

-- Where whoever asks may give authority, and so see pages as those who have it there.
CREATE FUNCTION canbo.granting_1() RETURNS int8multirange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$ SELECT own_reach_1('grants') $$;

-- Whoever sees pages as somebody else has that one role, while they may give it there.
CREATE FUNCTION canbo.grants_1() RETURNS TABLE (unit bigint, role varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT g.unit, g.role FROM own_grants_1() g WHERE me_1() IS NOT NULL
    UNION ALL
    SELECT b.as_unit_id, b.as_role FROM bearer_1() b WHERE b.as_role <> '' AND b.as_unit_id <@ granting_1()
$$;

-- What was found of somebody is remembered until the next decision or day. Whatever authority follows from comes by
-- decisions, whose instants ascend in the order in which they are committed, so what was found on a day as of the last
-- decision stays true until the next one. Nothing is forgotten: what is of another day or instant is not believed.
CREATE VIEW canbo.access_seen WITH (security_invoker = true) AS
    SELECT s.* FROM canbo.access_sight s
     WHERE s.day = canbo.today() AND s.known = (SELECT max(applied_at) FROM canbo.registry_decision);

-- By which roles over which units whoever asks may count: two readers who differ in it are shown different figures.
CREATE FUNCTION canbo.counting_1() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    RETURN coalesce(
        (SELECT s.counting FROM access_seen s WHERE s.person_id = me_1()),
        (SELECT array_agg(g.role || ' ' || g.unit ORDER BY g.role, g.unit)
           FROM grants_1() g JOIN access_role r ON r.code = g.role WHERE r.counts <> '{}'),
        '{}');
END $$;

-- May the holder of the key, whoever they see pages as, read all there is?
CREATE FUNCTION canbo.own_all_1() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
DECLARE held access_key := bearer_1();
BEGIN
    IF held.person_id IS NULL THEN
        RETURN coalesce((SELECT r.everything FROM access_role r WHERE r.code = held.system), false);
    END IF;
    RETURN coalesce(
        (SELECT s.everything FROM access_seen s WHERE s.person_id = held.person_id),
        EXISTS (SELECT FROM own_grants_1() g JOIN access_role r ON r.code = g.role WHERE r.everything));
END $$;

-- May whoever asks read (or write) everything there is? Who sees as somebody else sees no more than they do themselves.
CREATE FUNCTION canbo.sees_all_1() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    RETURN own_all_1() AND ((bearer_1()).as_role = ''
        OR EXISTS (SELECT FROM grants_1() g JOIN access_role r ON r.code = g.role WHERE r.everything));
END $$;

-- May whoever asks do any act? Which ones, and whose, is asked by the application and by the rows' own policies. Whoever
-- sees pages as somebody else can write nothing.
CREATE FUNCTION canbo.acts_1() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    RETURN coalesce((bearer_1()).as_role = '', false) AND (sees_all_1()
        OR EXISTS (SELECT FROM own_grants_1() g JOIN access_role r ON r.code = g.role WHERE r.writes));
END $$;

CREATE FUNCTION canbo.audits_1() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT r.audits FROM access_role r WHERE r.code = (bearer_1()).system), false)
        OR EXISTS (SELECT FROM own_grants_1() g JOIN access_role r ON r.code = g.role WHERE r.audits)
       AND EXISTS (SELECT FROM grants_1() g JOIN access_role r ON r.code = g.role WHERE r.audits);
END $$;

-- All units whose rows of a level ('internal', 'personal', or 'writes') may be read (or written) today, whatever the day of
-- the page.
CREATE FUNCTION canbo.reach_1(level text) RETURNS int8multirange
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
DECLARE
    held access_key := bearer_1();
    own int8multirange;
    shown int8multirange;
BEGIN
    IF held.person_id IS NULL THEN
        RETURN '{}';
    END IF;
    SELECT CASE level WHEN 'internal' THEN s.internal WHEN 'personal' THEN s.personal END INTO own
      FROM access_seen s WHERE s.person_id = held.person_id;
    own := coalesce(own, own_reach_1(level));
    IF held.as_role = '' THEN
        RETURN own;
    ELSIF level = 'writes' THEN
        RETURN '{}';
    END IF;
    SELECT reached_1(array_agg(g.unit), array_agg(g.unit) FILTER (WHERE r.territory)) INTO shown
      FROM grants_1() g JOIN access_role r ON r.code = g.role WHERE gives_1(r, level);
    RETURN CASE WHEN own_all_1() THEN shown ELSE shown * own END;
END $$;

-- The keys in ranges, one by one.
CREATE FUNCTION canbo.units_1(ranges int8multirange) RETURNS bigint[]
LANGUAGE sql IMMUTABLE SET search_path = canbo, pg_temp AS $$
    SELECT coalesce(array_agg(unit), '{}') FROM unnest(ranges) r, generate_series(lower(r), upper(r) - 1) unit
$$;

-- Find once what the holder of a key may see. One statement, and so one snapshot, of the instant and of what it rests on.
CREATE FUNCTION canbo.look_1(key text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    PERFORM set_config('app.session', key, true);
    INSERT INTO access_sight AS s (person_id, day, known, everything, internal, personal, counting)
    SELECT me, today(), d.known, own_all_1(), own_reach_1('internal'), own_reach_1('personal'), counting_1()
      FROM me_1() AS me, (SELECT max(applied_at) AS known FROM registry_decision) AS d
     WHERE me IS NOT NULL AND d.known IS NOT NULL AND NOT EXISTS (SELECT FROM access_seen o WHERE o.person_id = me)
        ON CONFLICT (person_id) DO UPDATE
       SET day = excluded.day, known = excluded.known, everything = excluded.everything,
           internal = excluded.internal, personal = excluded.personal, counting = excluded.counting
     WHERE (s.known, s.day) < (excluded.known, excluded.day);
END $$;

-- Where a person belongs: the units of the membership, employment, posts and file that last today, else of the last.
CREATE FUNCTION canbo.homes_1(who bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    RETURN (
        WITH stays AS (
            SELECT unit_id, valid FROM registry_membership WHERE person_id = who AND upper_inf(recorded)
            UNION ALL SELECT unit_id, valid FROM registry_employment WHERE person_id = who AND upper_inf(recorded)
            UNION ALL SELECT unit_id, valid FROM registry_incumbency WHERE person_id = who AND upper_inf(recorded)
            UNION ALL SELECT unit_id, valid FROM registry_particulars WHERE person_id = who AND upper_inf(recorded))
        SELECT array_agg(DISTINCT unit_id) FROM stays
         WHERE valid @> today()
            OR NOT EXISTS (SELECT FROM stays WHERE valid @> today())
               AND upper(valid) = (SELECT max(upper(valid)) FROM stays WHERE upper(valid) <= today()));
END $$;

-- The person whose file this transaction opened, if whoever asks may: it is their own, or its home is within reach.
-- The home is where the person belongs now: every unit of a fact that holds today, else of the last one that held.
CREATE FUNCTION canbo.opened_1() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
DECLARE
    said text := current_setting('app.opened', true);
    whose bigint := CASE WHEN said ~ '^[0-9]{1,18}$' THEN said::bigint END;
    held access_key := bearer_1();
    near int8multirange;
BEGIN
    IF whose IS NULL OR held.id IS NULL OR NOT EXISTS (SELECT FROM registry_person p WHERE p.id = whose) THEN
        RETURN NULL;
    ELSIF held.as_role = '' AND whose = held.person_id THEN
        RETURN whose;
    END IF;
    near := reach_1('personal');
    RETURN CASE WHEN EXISTS (SELECT FROM unnest(homes_1(whose)) home WHERE home <@ near) OR sees_all_1() THEN whose END;
END $$;

-- Those within reach whose name, at some time, held a folded text of three letters or more; NULL where they are more than
-- `most`. The index of names serves here: behind policies it cannot, since what LIKE says of a bad pattern could tell of a
-- name that is not shown.
CREATE FUNCTION canbo.called_1(part text, most int) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
DECLARE
    literal text := '%' || replace(replace(replace(part, '\', '\\'), '%', '\%'), '_', '\_') || '%';
    known text := CASE WHEN sees_all_1() THEN '' ELSE
        'AND EXISTS (SELECT FROM access_card c WHERE c.person_id = p.person_id AND c.unit_id = ANY ($3))' END;
    found bigint[];
BEGIN
    IF char_length(part) < 3 OR NOT signed_in_1() THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT array_agg(f.person_id) FROM (SELECT DISTINCT p.person_id FROM registry_particulars p
                    WHERE p.name_fold LIKE $1 %s LIMIT $2 + 1) f', known)
       INTO found USING literal, most, units_1(reach_1('personal'));
    RETURN CASE WHEN coalesce(cardinality(found), 0) <= most THEN coalesce(found, '{}') END;
END $$;

-- The units of which whoever asks may have totals of an indicator: roles say of which (`counts` of the profile's roles).
CREATE FUNCTION canbo.counts_1(indicator text) RETURNS int8multirange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT reached_1(array_agg(g.unit), array_agg(g.unit) FILTER (WHERE r.territory))
      FROM grants_1() g JOIN access_role r ON r.code = g.role
     WHERE r.counts && ARRAY[indicator, '*']::varchar[]
$$;

-- Over which units a role has to be held to reach these today (`wide`: one that goes as far as the places its unit serves),
-- and who keeps the unit where it ended: reached_1 the other way round.
CREATE FUNCTION canbo.ways_1(units bigint[])
RETURNS TABLE (target bigint, keeper bigint, unit bigint, wide boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH RECURSIVE kept (target, unit) AS (
        SELECT u, u FROM unnest(units) u
        UNION SELECT k.target, c.keeper_id FROM kept k
          JOIN access_custody c ON c.unit_id = k.unit AND c.since <= today()),
    above AS MATERIALIZED (
        SELECT k.target, k.unit AS keeper, c.ancestor_id AS unit FROM kept k
          JOIN registry_closure c ON c.descendant_id = k.unit AND c.valid @> today()),
    served AS (
        SELECT a.target, a.keeper, a.unit AS place FROM above a
        UNION
        SELECT a.target, a.keeper, c.ancestor_id FROM above a
          JOIN registry_service s ON s.unit_id = a.unit AND s.valid @> today() AND upper_inf(s.recorded)
          JOIN registry_closure c ON c.descendant_id = s.place_id AND c.valid @> today())
    SELECT a.target, a.keeper, a.unit, false FROM above a
    UNION
    SELECT p.target, p.keeper, s.unit_id, true FROM served p
      JOIN registry_service s ON s.place_id = p.place AND s.valid @> today() AND upper_inf(s.recorded)
$$;

-- Which of these units lie beyond the reach of those of one's roles that are named here?
CREATE FUNCTION canbo.beyond_1(units bigint[], roles varchar[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    WITH reaching AS MATERIALIZED (
        SELECT w.target FROM ways_1(units) w JOIN own_grants_1() g ON g.unit = w.unit AND g.role = ANY (roles)
          JOIN access_role r ON r.code = g.role AND (r.territory OR NOT w.wide))
    SELECT coalesce(array_agg(u), '{}') FROM unnest(units) u
     WHERE NOT own_all_1() AND u NOT IN (SELECT target FROM reaching)
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

-- For sign-in, which invites people on file: whose code this is, and the codes of those who have accounts. No names.
CREATE FUNCTION canbo.person_coded_1(said text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT id FROM registry_person WHERE code = said
$$;

CREATE FUNCTION canbo.codes_1(people bigint[]) RETURNS TABLE (person bigint, code varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
    SELECT id, code FROM registry_person WHERE id = ANY (people)
$$;

-- Whoever holds the key of a transaction is named in its rows of the log, whatever a page says.
CREATE FUNCTION canbo.audit_person_1() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = canbo, pg_temp AS $$
BEGIN
    NEW.person := coalesce(self_1(), NEW.person);
    RETURN NEW;
END $$;
CREATE TRIGGER audit_person BEFORE INSERT ON kernel_audit FOR EACH ROW EXECUTE FUNCTION canbo.audit_person_1();

-- Who may read the log: all of it whoever audits, what concerns a person also that person.
CREATE OR REPLACE FUNCTION canbo.audit_may_read_1(what text, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = canbo, public, pg_temp AS $$
    SELECT canbo.audits_1() OR what = 'read-of' AND coalesce(person = canbo.me_1(), false)
$$;
ALTER POLICY audit_cited ON kernel_audit USING (
    (SELECT canbo.signed_in_1()) AND kind IN ('decision', 'annulment', 'freeze', 'signature', 'collection'));
ALTER TABLE kernel_seal ENABLE ROW LEVEL SECURITY;
ALTER TABLE kernel_sealed ENABLE ROW LEVEL SECURITY;
ALTER TABLE kernel_unsealed ENABLE ROW LEVEL SECURITY;
CREATE POLICY seal_shown ON kernel_seal FOR SELECT USING ((SELECT canbo.signed_in_1()));
