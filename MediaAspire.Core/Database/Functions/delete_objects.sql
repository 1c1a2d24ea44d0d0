-- Deletes objects and versions, one entry after the other as if each came alone, and returns for each whether its conditions failed, whether
-- the version is locked, and the delete marker that was written or removed. An entry without a version, and not for the null version, deletes
-- as the bucket's versioning prescribes; `markers` are the ids for new markers. All locks are taken first and in one order, the keys' before
-- the files', so that two of these never wait for each other in a ring. Returns no row when the bucket is gone.
CREATE OR REPLACE FUNCTION delete_objects(
    bucket uuid, owner text, keys text[], versions uuid[], nulls boolean[], etags text[], sizes bigint[], times timestamptz[],
    bypasses boolean[], markers uuid[])
RETURNS TABLE (place integer, is_failed boolean, is_locked boolean, marker uuid, is_null_marker boolean) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    state text;
    target record;
    is_found boolean;
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
        IF versions[n] IS NOT NULL THEN
            SELECT o.* INTO target FROM objects o
            WHERE o.version_id = versions[n] AND o.bucket_id = bucket AND o.key = keys[n] AND NOT o.is_null FOR UPDATE;
        ELSIF nulls[n] THEN
            SELECT o.* INTO target FROM objects o WHERE o.bucket_id = bucket AND o.key = keys[n] AND o.is_null FOR UPDATE;
        ELSE
            SELECT o.* INTO target FROM objects o WHERE o.bucket_id = bucket AND o.key = keys[n] AND o.is_latest
            ORDER BY o.position DESC LIMIT 1;
        END IF;
        is_found := FOUND;
        place := n;
        marker := NULL;
        is_null_marker := false;
        is_failed := is_found AND (
            coalesce(etags[n] <> '*' AND etags[n] <> target.etag, false)
            OR coalesce(sizes[n] <> target.size, false)
            OR coalesce(times[n] <> date_trunc('second', target.modified_at), false));
        is_locked := false;
        IF NOT is_failed AND (versions[n] IS NOT NULL OR nulls[n] OR state = 'off') THEN
            is_locked := is_found AND is_held(target.lock_mode, target.retain_until, target.legal_hold, bypasses[n]);
            IF is_found AND NOT is_locked THEN
                IF target.is_delete_marker THEN
                    marker := target.version_id;
                    is_null_marker := target.is_null;
                END IF;
                PERFORM remove_version(bucket, keys[n], target.version_id);
            END IF;
        ELSIF NOT is_failed AND (is_found OR coalesce(etags[n], sizes[n]::text, times[n]::text) IS NULL) THEN
            INSERT INTO objects (version_id, bucket_id, key, is_null, is_latest, is_delete_marker, owner_id)
            VALUES (markers[n], bucket, keys[n], state <> 'enabled', false, true, owner);
            PERFORM settle_object(bucket, keys[n], markers[n]);
            marker := markers[n];
            is_null_marker := state <> 'enabled';
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
