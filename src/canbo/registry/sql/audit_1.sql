-- An audit row that names a decision is of its instant, and at the commit its acts are there, as many as it counts.

CREATE FUNCTION audit_decided_1() RETURNS trigger
LANGUAGE plpgsql SET search_path = canbo, public, pg_temp AS $$
BEGIN
    SELECT applied_at INTO STRICT NEW.at FROM registry_decision WHERE id = NEW.decision;
    RETURN NEW;
EXCEPTION WHEN no_data_found THEN
    RAISE EXCEPTION 'the audit row names a decision that is not there' USING ERRCODE = '23503';
END $$;
CREATE TRIGGER audit_decided BEFORE INSERT ON kernel_audit
FOR EACH ROW WHEN (NEW.decision IS NOT NULL) EXECUTE FUNCTION audit_decided_1();

-- The owner, who takes over what is past on tables without indexes, is spared: a query for each of thousands of rows.
CREATE FUNCTION audit_counts_1() RETURNS trigger
LANGUAGE plpgsql SET search_path = canbo, public, pg_temp AS $$
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
       AND NEW.count <> (SELECT count(*) FROM registry_act a
                         WHERE a.decision_id = NEW.decision AND a.audit_id = NEW.id) THEN
        RAISE EXCEPTION 'the audit row counts acts that were not written' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_counts AFTER INSERT ON kernel_audit DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.decision IS NOT NULL) EXECUTE FUNCTION audit_counts_1();

ALTER TABLE kernel_audit ADD CONSTRAINT audit_names_its_decision
CHECK ((kind IN ('decision', 'annulment')) = (decision IS NOT NULL));
