-- Makes a staged version the current one of a client's name, and deletes the version before. Returns false when the sweeper has abandoned
-- the version. Fails as charge_owner() does. An empty owner stands for none.
CREATE OR REPLACE FUNCTION put_named_file(owner text, client text, file_name text, new_version uuid, bytes bigint, digest bytea)
RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    replaced_file uuid;
    replaced_staged bigint;
    freed bigint;
    freed_files integer := 0;
BEGIN
    -- The sweeper takes the same lock, so the second of the two sees the changes of the first.
    PERFORM pg_advisory_xact_lock(hashtextextended(new_version::text, 0));
    INSERT INTO named_files AS n (owner_id, client_id, name, version, size, sha256)
    SELECT owner, client, file_name, new_version, bytes, digest
    WHERE NOT EXISTS (SELECT FROM abandoned_versions a WHERE a.version = new_version)
    ON CONFLICT (owner_id, client_id, name) DO UPDATE
    SET version = excluded.version, size = excluded.size, sha256 = excluded.sha256, file_id = NULL,
        replaced_file_id = n.file_id, replaced_bytes = CASE WHEN n.file_id IS NULL THEN n.size END,
        put_at = now(), enqueued_at = now(), enqueues = 1
    RETURNING n.replaced_file_id, n.replaced_bytes INTO replaced_file, replaced_staged;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF replaced_file IS NOT NULL THEN
        freed_files := delete_files(ARRAY[replaced_file]);
    END IF;
    IF owner <> '' THEN
        IF freed_files > 0 THEN
            SELECT f.total_size INTO freed FROM files f WHERE f.file_id = replaced_file;
        END IF;
        PERFORM charge_owner(
            owner, bytes - coalesce(replaced_staged, 0), CASE WHEN replaced_staged IS NULL THEN 1 ELSE 0 END,
            coalesce(freed, 0), freed_files);
    END IF;
    RETURN true;
END
$$;
