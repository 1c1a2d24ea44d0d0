-- Removes versions for good and releases their files. The caller holds their keys' locks.
CREATE OR REPLACE FUNCTION remove_versions(removed uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    released uuid[];
BEGIN
    SELECT array_agg(file_id) INTO released FROM (
        SELECT file_id FROM objects WHERE version_id = ANY (removed) AND file_id IS NOT NULL
        UNION ALL
        SELECT file_id FROM object_parts WHERE version_id = ANY (removed)) AS held;
    DELETE FROM objects WHERE version_id = ANY (removed);
    IF released IS NOT NULL THEN
        PERFORM release_files(released);
    END IF;
END
$$;
