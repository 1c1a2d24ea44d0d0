-- Deletes complete files that stand for themselves; their bytes are collected later, after a grace period. Returns the number of files
-- that were visible before. A file that has holders is deleted with the last of them, by release_files().
CREATE OR REPLACE FUNCTION delete_files(deleted uuid[]) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    updated integer;
BEGIN
    UPDATE files SET upload_status = 'deleted', deleted_at = now()
    WHERE file_id = ANY (deleted) AND upload_status = 'completed' AND holders IS NULL;
    GET DIAGNOSTICS updated = ROW_COUNT;
    RETURN updated;
END
$$;
