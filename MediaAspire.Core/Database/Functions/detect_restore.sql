-- Compares the last heartbeat that a server has seen with the one that the database knows, and records the database as restored when it is
-- behind. Returns whether a restore is open afterwards, this one or another one.
CREATE OR REPLACE FUNCTION detect_restore(
    server uuid, name text, last_epoch bigint, last_count bigint, last_at timestamptz, database_count bigint, database_at timestamptz)
RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO detected_restores (server_id, server_name, seen_epoch, seen_count, seen_at, own_epoch, own_count, own_at)
    SELECT server, name, last_epoch, last_count, last_at, c.epoch, database_count, database_at FROM cluster c
    WHERE last_epoch > c.epoch OR (last_epoch = c.epoch AND last_count > database_count)
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM pg_notify('cluster_changed', server::text);
    END IF;
    RETURN restore_is_open();
END
$$;
