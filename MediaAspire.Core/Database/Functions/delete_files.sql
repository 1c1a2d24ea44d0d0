-- Deletes complete files that stand for themselves, and frees their owners' quotas; their bytes are collected later, after a grace period.
-- With `of_owner` it deletes only files of that owner. Returns the number of files that were visible before. A file that has holders is
-- deleted with the last of them, by release_files().
CREATE OR REPLACE FUNCTION delete_files(deleted uuid[], of_owner text DEFAULT NULL) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    updated integer;
    freed record;
BEGIN
    updated := 0;
    FOR freed IN
        WITH gone AS (
            UPDATE files f SET upload_status = 'deleted', deleted_at = now()
            WHERE f.file_id = ANY (deleted) AND f.upload_status = 'completed' AND f.holders IS NULL
              AND (of_owner IS NULL OR f.owner_id = of_owner)
            RETURNING f.owner_id, f.total_size)
        SELECT g.owner_id, sum(g.total_size)::bigint AS bytes, count(*)::integer AS files
        FROM gone g GROUP BY g.owner_id ORDER BY g.owner_id
    LOOP
        updated := updated + freed.files;
        IF freed.owner_id IS NOT NULL THEN
            PERFORM charge_owner(freed.owner_id, -freed.bytes, -freed.files);
        END IF;
    END LOOP;
    RETURN updated;
END
$$;
