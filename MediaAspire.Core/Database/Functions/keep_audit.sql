-- Creates the partitions of the audit log for the coming days, and removes events that are older than the retention. It runs with the
-- rights of its owner: the application's role may neither change nor delete events. Days are those of UTC. A busy table makes it fail
-- after two seconds rather than delay writers; its caller tries again later.
CREATE OR REPLACE FUNCTION keep_audit(retention interval, days_ahead integer) RETURNS TABLE (created integer, removed integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' SET mediaaspire.audit_retention = 'on' AS $$
DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
    oldest date := ((now() - retention) AT TIME ZONE 'UTC')::date;
    part text;
    day date;
    grantee text;
BEGIN
    -- The traces of the last day stay, even from a caller that wants to remove its own.
    IF retention < interval '1 day' THEN
        RAISE EXCEPTION 'The retention of audit events is at least one day, not %.', retention;
    END IF;
    created := 0;
    removed := 0;

    FOR day IN SELECT today + ahead FROM generate_series(0, days_ahead) AS ahead LOOP
        part := 'audit_events_' || to_char(day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass(part) IS NOT NULL;
        BEGIN
            -- Attached instead of created in place, so that writers of other days do not wait.
            EXECUTE format('CREATE TABLE %I (LIKE audit_events INCLUDING DEFAULTS)', part);
            EXECUTE format(
                'CREATE TRIGGER audit_events_stay BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()', part);
            FOR grantee IN
                SELECT DISTINCT rights.grantee::regrole::text FROM pg_class c, aclexplode(c.relacl) rights
                WHERE c.oid = part::regclass AND rights.grantee NOT IN (0, c.relowner)
            LOOP
                EXECUTE format('REVOKE ALL ON %I FROM %s', part, grantee);
            END LOOP;
            EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                part, first_audit_id(day), first_audit_id(day + 1));
            created := created + 1;
        EXCEPTION WHEN check_violation THEN
            -- The default partition has events of this day, and keeps it.
            NULL;
        END;
    END LOOP;

    FOR part, day IN
        SELECT c.relname, to_date(right(c.relname, 8), 'YYYYMMDD')
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'audit_events'::regclass AND c.relname ~ '^audit_events_[0-9]{8}$'
    LOOP
        IF day < oldest THEN
            EXECUTE format('DROP TABLE %I', part);
            removed := removed + 1;
        END IF;
    END LOOP;

    DELETE FROM audit_events_default WHERE event_id < first_audit_id(oldest);
    RETURN NEXT;
END
$$;
