-- Removes one version of a key; the newest remaining version becomes the latest. The caller holds the key's lock.
CREATE OR REPLACE FUNCTION remove_version(bucket uuid, object_key text, removed uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM remove_versions(ARRAY[removed]);
    UPDATE objects SET is_latest = true
    WHERE NOT is_latest AND version_id = (
        SELECT version_id FROM objects WHERE bucket_id = bucket AND key = object_key ORDER BY position DESC LIMIT 1);
END
$$;
