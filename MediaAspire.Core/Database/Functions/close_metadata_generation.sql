-- Closes the copy of the catalog in Redis when a session changes the catalog that does not write to both stores. Trigger function.
CREATE OR REPLACE FUNCTION close_metadata_generation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE metadata_generation SET mode = 'bypass', changed_at = clock_timestamp(),
        reason = format(
            'The session "%s" of role "%s" changed the catalog in PostgreSQL only. Set Metadata:Stores alike in every process.',
            current_setting('application_name'), current_user)
    WHERE mode = 'hot';
    IF FOUND THEN
        PERFORM pg_notify('duty_wanted', 'metadata');
    END IF;
    RETURN NULL;
END
$$;
