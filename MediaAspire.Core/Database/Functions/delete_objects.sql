-- Deletes objects and versions, one entry after the other as if each came alone, and returns the results of delete_object() in the order
-- of the entries. All locks are taken first and in one order, the keys' before the files', so that two of these never wait for each other
-- in a ring. Returns no row when the bucket is gone.
CREATE OR REPLACE FUNCTION delete_objects(
    bucket uuid, owner text, keys text[], versions uuid[], nulls boolean[], etags text[], sizes bigint[], times timestamptz[],
    bypasses boolean[], markers uuid[])
RETURNS TABLE (outcome text, marker uuid, is_null_marker boolean) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    state text;
BEGIN
    -- Not by key: different keys may have one lock.
    PERFORM lock_object(bucket, k.key) FROM (
        SELECT DISTINCT u.key, hashtextextended(bucket::text || u.key, 0) AS number FROM unnest(keys) AS u (key) ORDER BY number) AS k;
    SELECT b.versioning INTO state FROM buckets b WHERE b.bucket_id = bucket FOR KEY SHARE;
    IF state IS NULL THEN
        RETURN;
    END IF;
    PERFORM FROM files f WHERE f.file_id = ANY (ARRAY(
        WITH removed AS (
            SELECT o.version_id, o.file_id FROM objects o WHERE o.version_id = ANY (versions) AND o.bucket_id = bucket
            UNION ALL
            SELECT o.version_id, o.file_id FROM objects o
            WHERE o.bucket_id = bucket AND o.key = ANY (keys) AND o.is_null)
        SELECT r.file_id FROM removed r WHERE r.file_id IS NOT NULL
        UNION ALL
        SELECT p.file_id FROM object_parts p JOIN removed r USING (version_id)))
    ORDER BY f.file_id FOR NO KEY UPDATE;
    FOR n IN 1..cardinality(keys) LOOP
        SELECT d.* INTO outcome, marker, is_null_marker FROM delete_object(
            bucket, state, owner, keys[n], versions[n], nulls[n], etags[n], sizes[n], times[n], bypasses[n], markers[n]) AS d;
        RETURN NEXT;
    END LOOP;
END
$$;
