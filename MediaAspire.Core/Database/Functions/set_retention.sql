-- Sets or, with NULLs, removes the retention of a version. A retention in force can be extended by everyone. It can be shortened only in
-- governance mode, and only by a client that bypasses it. The lock of the row serialises this with a deletion of the version.
CREATE OR REPLACE FUNCTION set_retention(version uuid, new_mode text, new_until timestamptz, bypasses boolean)
RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    held record;
BEGIN
    SELECT o.lock_mode, o.retain_until INTO held FROM objects o WHERE o.version_id = version AND NOT o.is_delete_marker FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'missing';
    END IF;
    IF new_until <= now() THEN
        RETURN 'past';
    END IF;
    IF is_held(held.lock_mode, held.retain_until, false, bypasses)
       AND (new_mode IS DISTINCT FROM held.lock_mode OR new_until < held.retain_until) THEN
        RETURN 'held';
    END IF;
    UPDATE objects SET lock_mode = new_mode, retain_until = new_until WHERE version_id = version;
    RETURN 'set';
END
$$;
