-- Removes versions of one bucket for good: deletes their rows, releases their files, frees the quotas, and makes the newest remaining
-- version of a key the latest when the latest was removed. With `is_replaced` the caller writes the next latest version itself, and charges
-- the difference. The caller holds the locks of the keys, and has judged the locks of the versions by is_held(); the trigger
-- refuse_unlocking() refuses those that nobody may remove. `event` is the name that notifications tell.
CREATE OR REPLACE FUNCTION remove_versions(
    removed uuid[], is_replaced boolean DEFAULT false, event text DEFAULT 's3:ObjectRemoved:Delete')
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    released uuid[];
    removed_from uuid[];
    removed_keys text[];
    bucket uuid;
    freed_bytes bigint;
    freed_objects bigint;
    notifies boolean;
BEGIN
    SELECT array_agg(file_id) INTO released FROM (
        SELECT file_id FROM objects WHERE version_id = ANY (removed) AND file_id IS NOT NULL
        UNION ALL
        SELECT file_id FROM object_parts WHERE version_id = ANY (removed)) AS held;
    IF NOT is_replaced THEN
        SELECT array_agg(o.bucket_id) FILTER (WHERE o.is_latest), array_agg(o.key) FILTER (WHERE o.is_latest),
            (array_agg(o.bucket_id))[1], sum(o.size), count(*) FILTER (WHERE NOT o.is_delete_marker),
            (SELECT b.notifications IS NOT NULL FROM buckets b WHERE b.bucket_id = (array_agg(o.bucket_id))[1])
        INTO removed_from, removed_keys, bucket, freed_bytes, freed_objects, notifies
        FROM objects o WHERE o.version_id = ANY (removed);
        IF notifies THEN
            PERFORM record_event(gone.bucket_id, event, gone.key, gone.version_id, gone.is_null, gone.size, gone.etag)
            FROM (SELECT o.* FROM objects o WHERE o.version_id = ANY (removed) ORDER BY o.key, o.position) AS gone;
        END IF;
    END IF;
    DELETE FROM objects WHERE version_id = ANY (removed);
    IF removed_keys IS NOT NULL THEN
        UPDATE objects o SET is_latest = true
        FROM unnest(removed_from, removed_keys) AS k (bucket_id, key) CROSS JOIN LATERAL (
            SELECT n.version_id FROM objects n WHERE n.bucket_id = k.bucket_id AND n.key = k.key ORDER BY n.position DESC LIMIT 1) AS newest
        WHERE o.version_id = newest.version_id;
    END IF;
    IF released IS NOT NULL THEN
        PERFORM release_files(released);
    END IF;
    IF bucket IS NOT NULL THEN
        PERFORM charge_bucket(bucket, -freed_bytes, -freed_objects);
    END IF;
END
$$;
