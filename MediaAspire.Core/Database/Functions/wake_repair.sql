-- Wakes the repair duty when a statement has inserted endangered chunks. Trigger function; `found` are the new rows.
CREATE OR REPLACE FUNCTION wake_repair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM found) THEN
        PERFORM pg_notify('duty_wanted', 'repair');
    END IF;
    RETURN NULL;
END
$$;
