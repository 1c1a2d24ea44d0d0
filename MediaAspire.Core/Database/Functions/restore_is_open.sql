-- Tells whether the database was restored from a backup and no operator has accepted that yet. Nothing is deleted meanwhile.
CREATE OR REPLACE FUNCTION restore_is_open() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM detected_restores d JOIN cluster c ON d.seen_epoch >= c.epoch)
$$;
