-- The audit log: stamped, only ever added to, queued for sealing, and sealed in blocks that form a chain.

CREATE FUNCTION audit_at_1() RETURNS trigger
LANGUAGE plpgsql SET search_path = canbo, public, pg_temp AS $$
BEGIN
    IF NEW.at IS NULL OR current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        NEW.at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_at BEFORE INSERT ON kernel_audit FOR EACH ROW EXECUTE FUNCTION audit_at_1();

CREATE FUNCTION audit_queue_1() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = canbo, public, pg_temp AS $$
BEGIN
    INSERT INTO kernel_unsealed (audit) SELECT id FROM written;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_queue AFTER INSERT ON kernel_audit
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION audit_queue_1();

-- The owner's slip is refused too; who disables triggers is found by the seals.
CREATE FUNCTION audit_only_added_1() RETURNS trigger
LANGUAGE plpgsql SET search_path = canbo, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what was recorded is never changed or removed' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel_audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added_1();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel_sealed
FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added_1();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel_seal
FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added_1();

ALTER TABLE kernel_audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_append ON kernel_audit FOR INSERT WITH CHECK (true);
CREATE POLICY audit_cited ON kernel_audit FOR SELECT
USING (kind IN ('decision', 'annulment', 'freeze', 'signature', 'collection'));

-- The text of fields: each as its length in bytes, a colon, the bytes and a comma; NULL as "-,".
CREATE FUNCTION audit_text_1(fields text[]) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = canbo, public, pg_temp AS $$
SELECT convert_to(string_agg(coalesce(octet_length(said) || ':' || said, '-') || ',', '' ORDER BY place), 'UTF8')
FROM unnest(fields) WITH ORDINALITY AS f (said, place)
$$;

CREATE FUNCTION audit_instant_1(at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = canbo, public, pg_temp AS $$
SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- The hash of a row: sha256 over the text of its twelve fields in this order.
CREATE FUNCTION audit_leaf_1(r kernel_audit) RETURNS bytea
LANGUAGE sql STABLE SET search_path = canbo, public, pg_temp AS $$
SELECT sha256(audit_text_1(ARRAY[
    r.id::text, audit_instant_1(r.at), r.kind, r.actor, r.person::text, r.what, r.decision::text, r.unit::text,
    array_to_string(r.about, ','), r.details::text, r.count::text, encode(r.digest, 'hex')]))
$$;

-- Seal the next block of rows that are committed; answers how many. One sealer at a time, writers never wait.
CREATE FUNCTION audit_seal_1(most integer DEFAULT 1000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = canbo, public, pg_temp AS $$
DECLARE
    prior kernel_seal;
    leaves text;
    many integer;
    sealed_at timestamptz;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a sealer must see what others committed: use READ COMMITTED' USING ERRCODE = '25001';
    END IF;
    PERFORM pg_advisory_xact_lock(7101);
    SELECT * INTO prior FROM kernel_seal ORDER BY block DESC LIMIT 1;
    WITH due AS (
        SELECT u.audit, audit_leaf_1(a) AS leaf
        FROM kernel_unsealed u JOIN kernel_audit a ON a.id = u.audit
        ORDER BY u.audit LIMIT least(greatest(most, 1), 1000)),
    taken AS (DELETE FROM kernel_unsealed WHERE audit IN (SELECT audit FROM due)),
    numbered AS (
        INSERT INTO kernel_sealed (number, audit, leaf)
        SELECT coalesce(prior.last, 0) + row_number() OVER (ORDER BY audit), audit, leaf FROM due
        RETURNING number, leaf)
    SELECT string_agg(encode(leaf, 'hex'), '' ORDER BY number), count(*) INTO leaves, many FROM numbered;
    IF many > 0 THEN
        prior.block := coalesce(prior.block, 0) + 1;
        prior.first := coalesce(prior.last, 0) + 1;
        prior.last := prior.first + many - 1;
        prior.previous := coalesce(prior.hash, ''::bytea);
        prior.at := clock_timestamp();
        prior.hash := sha256(audit_text_1(ARRAY[
            prior.block::text, prior.first::text, prior.last::text, audit_instant_1(prior.at),
            encode(prior.previous, 'hex'), leaves]));
        INSERT INTO kernel_seal SELECT prior.*;
    END IF;
    RETURN many;
END $$;

-- The seam: who may read the log. Until authority decides, whoever works as the application; it replaces this.
-- `what` is 'log' (all of it) or 'read-of' (who read the file of `person`).
CREATE FUNCTION audit_may_read_1(what text, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = canbo, public, pg_temp AS $$ SELECT true $$;

CREATE FUNCTION audit_log_1(after bigint, most integer)
RETURNS TABLE (number bigint, id bigint, at text, kind text, actor text, person bigint, what text, decision bigint,
               unit bigint, about bigint[], details text, count integer, digest text, leaf text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, public, pg_temp AS $$
BEGIN
    IF NOT audit_may_read_1('log', NULL) THEN
        RAISE EXCEPTION 'the log may not be read' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY
    SELECT s.number, s.audit, audit_instant_1(a.at), a.kind::text, a.actor::text, a.person, a.what::text, a.decision,
           a.unit, a.about, a.details::text, a.count, encode(a.digest, 'hex'), encode(s.leaf, 'hex')
    FROM kernel_sealed s LEFT JOIN kernel_audit a ON a.id = s.audit
    WHERE s.number > after ORDER BY s.number LIMIT most;
END $$;

-- What waits for its seal, and what should not be: rows that were never queued, and queued ones that are gone.
CREATE FUNCTION audit_waiting_1() RETURNS TABLE (waiting bigint, forged bigint[], gone bigint[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, public, pg_temp AS $$
BEGIN
    IF NOT audit_may_read_1('log', NULL) THEN
        RAISE EXCEPTION 'the log may not be read' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY
    SELECT (SELECT count(*) FROM kernel_unsealed),
           ARRAY(SELECT a.id FROM kernel_audit a
                 WHERE NOT EXISTS (SELECT FROM kernel_sealed s WHERE s.audit = a.id)
                   AND NOT EXISTS (SELECT FROM kernel_unsealed u WHERE u.audit = a.id) ORDER BY a.id LIMIT 100),
           ARRAY(SELECT u.audit FROM kernel_unsealed u
                 WHERE NOT EXISTS (SELECT FROM kernel_audit a WHERE a.id = u.audit) ORDER BY u.audit LIMIT 100);
END $$;

-- Who read what of a person, the last first; `file` says that it was the personal file and not a name in passing.
CREATE FUNCTION audit_read_of_1(subject bigint)
RETURNS TABLE (at timestamptz, actor text, person bigint, kind text, what text, file boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = canbo, public, pg_temp AS $$
BEGIN
    IF NOT audit_may_read_1('read-of', subject) THEN
        RAISE EXCEPTION 'who read this file may not be seen' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY
    SELECT a.at, a.actor::text, a.person, a.kind::text, a.what::text, a.details @> jsonb_build_object('file', subject)
    FROM kernel_audit a WHERE a.about @> ARRAY[subject] ORDER BY a.at DESC, a.id DESC;
END $$;

REVOKE ALL ON FUNCTION audit_seal_1(integer), audit_log_1(bigint, integer), audit_waiting_1(), audit_read_of_1(bigint)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_seal_1(integer), audit_log_1(bigint, integer), audit_waiting_1(),
audit_read_of_1(bigint) TO canbo_app, canbo_whole, canbo_file;

ALTER TABLE kernel_audit ALTER kind DROP DEFAULT, ALTER about SET DEFAULT '{}', ALTER details SET DEFAULT '{}',
ALTER count SET DEFAULT 0, ALTER digest SET DEFAULT '';
INSERT INTO kernel_unsealed (audit) SELECT id FROM kernel_audit;
