-- Makes a version the latest of its key. Fails with SQLSTATE MA002 when the bucket is gone or is not as its writer saw it (seen is the xmin of
-- the row that the writer's decisions rest on, NULL for any), or when what the writer demands of the key does not hold. Whatever the
-- transaction did before is then undone.
CREATE OR REPLACE FUNCTION put_object(
    bucket uuid, seen xid, object_key text, version uuid, bytes bigint, tag text, file uuid, if_match text, if_none_match text,
    owner text, type text, kept_headers json, user_metadata json, object_tags jsonb, list json, class text,
    sum_algorithm text, sum_type text, sum text, mode text, until timestamptz, hold boolean)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    settings record;
    latest record;
    is_first boolean;
BEGIN
    -- A statement of its own, so that the next ones see what it waited for.
    PERFORM lock_object(bucket, object_key);
    SELECT b.versioning, b.object_lock INTO settings FROM buckets b
    WHERE b.bucket_id = bucket AND (seen IS NULL OR b.xmin = seen) FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'bucket % is gone or was changed', bucket USING ERRCODE = 'MA002';
    END IF;
    SELECT CASE WHEN NOT o.is_delete_marker THEN o.etag END AS etag INTO latest FROM objects o
    WHERE o.bucket_id = bucket AND o.key = object_key ORDER BY o.position DESC LIMIT 1;
    is_first := NOT FOUND;
    IF NOT coalesce(if_match IS NULL OR latest.etag = if_match OR (if_match = '*' AND latest.etag IS NOT NULL), false)
       OR NOT coalesce(if_none_match IS NULL OR latest.etag IS NULL OR (latest.etag <> if_none_match AND if_none_match <> '*'), false) THEN
        RAISE EXCEPTION 'a condition on key % does not hold', object_key USING ERRCODE = 'MA002';
    END IF;
    IF settings.object_lock IS NOT NULL THEN
        mode := coalesce(mode, settings.object_lock ->> 'mode');
        until := coalesce(until, default_retention(settings.object_lock));
    END IF;
    -- A key without versions gets its latest one at once; elsewhere settle_object() changes over.
    INSERT INTO objects (version_id, bucket_id, key, is_null, is_latest, size, etag, file_id, owner_id, content_type, headers, metadata, tags,
        acl, storage_class, checksum_algorithm, checksum_type, checksum, lock_mode, retain_until, legal_hold)
    VALUES (version, bucket, object_key, settings.versioning <> 'enabled', is_first, bytes, tag, file, owner, type, kept_headers, user_metadata,
        object_tags, list, class, sum_algorithm, sum_type, sum, mode, until, hold);
    IF NOT is_first THEN
        PERFORM settle_object(bucket, object_key, version);
    END IF;
END
$$;
