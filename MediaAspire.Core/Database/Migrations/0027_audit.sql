-- The audit log: a row for each change and each refusal. Rows are only ever added; keep_audit() drops the partitions of old days.
CREATE TABLE audit_events (
    -- UUID of version 7, so its order is that of the events, in milliseconds of the recording process's clock.
    event_id     uuid NOT NULL,
    occurred_at  timestamptz NOT NULL,
    -- rest, admin or s3.
    api          text NOT NULL,
    -- anonymous, api-key, access-key, or unverified: the key that a refused request only claimed.
    actor_kind   text NOT NULL,
    -- The public id of the key.
    actor        text,
    owner_id     text,
    address      inet,
    -- The operation: the name of a route, or of an operation of S3.
    action       text NOT NULL,
    resource     text,
    -- done, refused or failed.
    outcome      text NOT NULL,
    status       smallint NOT NULL,
    -- The code of the error.
    reason       text,
    request_id   text,
    -- The number of equal events that the row stands for.
    repeats      integer NOT NULL DEFAULT 1,
    PRIMARY KEY (event_id)
) PARTITION BY RANGE (event_id);

-- For the events of days without a partition: those before the worker's first run, and those of a clock that is wrong.
CREATE TABLE audit_events_default PARTITION OF audit_events DEFAULT;

-- Holds for every role, even the owner of the table. Only keep_audit() sets the parameter, while it runs.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('mediaaspire.audit_retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Audit events can only be added.' USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_events_only_grow BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();

-- Such a trigger is not inherited by partitions.
CREATE TRIGGER audit_events_stay BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_events_stay BEFORE TRUNCATE ON audit_events_default FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
