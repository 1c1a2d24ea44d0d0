-- Writes a version of a key, an object or a delete marker, and makes it the latest. Returns 'written', or why nothing was changed:
--   no-such-bucket       the bucket is gone
--   bucket-changed       its row is not the one that the writer's decisions rest on; `seen` is the xmin of that row, NULL for any
--   no-such-key, precondition-failed   a condition does not hold, see judge_conditions()
-- The caller holds the files, and inserts the parts of a version with several files. Fails as charge_quotas() does; `freed` are the bytes
-- that were charged to the bucket before and that the caller releases in this transaction. `event` is the name that notifications tell.
CREATE OR REPLACE FUNCTION write_version(
    bucket uuid, seen xid, object_key text, version uuid, is_marker boolean, bytes bigint, tag text, file uuid, parts integer,
    if_match text, if_none_match text,
    owner text, type text, kept_headers json, user_metadata json, object_tags jsonb, list json, class text,
    sum_algorithm text, sum_type text, sum text, mode text, until timestamptz, hold boolean,
    freed bigint DEFAULT 0, event text DEFAULT 's3:ObjectCreated:Put')
RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    settings record;
    latest record;
    is_first boolean;
    outcome text;
    replaced uuid[];
    replaced_bytes bigint;
    replaced_objects bigint;
BEGIN
    -- A statement of its own, so that the next ones see what the transaction that held the lock has committed.
    PERFORM lock_object(bucket, object_key);
    SELECT b.versioning, b.object_lock, b.is_limited, b.owner_id, b.notifications IS NOT NULL AS notifies INTO settings FROM buckets b
    WHERE b.bucket_id = bucket AND (seen IS NULL OR b.xmin = seen) FOR KEY SHARE;
    IF NOT FOUND THEN
        RETURN CASE WHEN EXISTS (SELECT FROM buckets b WHERE b.bucket_id = bucket) THEN 'bucket-changed' ELSE 'no-such-bucket' END;
    END IF;
    SELECT CASE WHEN NOT o.is_delete_marker THEN o.etag END AS etag INTO latest FROM objects o
    WHERE o.bucket_id = bucket AND o.key = object_key ORDER BY o.position DESC LIMIT 1;
    is_first := NOT FOUND;
    outcome := judge_conditions(latest.etag, if_match, if_none_match);
    IF outcome <> 'written' THEN
        RETURN outcome;
    END IF;
    IF settings.object_lock IS NOT NULL AND NOT is_marker THEN
        mode := coalesce(mode, settings.object_lock ->> 'mode');
        until := coalesce(until, default_retention(settings.object_lock));
    END IF;
    IF NOT is_first THEN
        IF settings.versioning <> 'enabled' THEN
            -- A new null version replaces the old one.
            SELECT array_agg(o.version_id), sum(o.size), count(*) FILTER (WHERE NOT o.is_delete_marker)
            INTO replaced, replaced_bytes, replaced_objects
            FROM objects o WHERE o.bucket_id = bucket AND o.key = object_key AND o.is_null;
            IF replaced IS NOT NULL THEN
                PERFORM remove_versions(replaced, is_replaced => true);
            END IF;
        END IF;
        UPDATE objects SET is_latest = false WHERE bucket_id = bucket AND key = object_key AND is_latest;
    END IF;
    INSERT INTO objects (version_id, bucket_id, key, is_null, is_latest, is_delete_marker, size, etag, file_id, part_count,
        owner_id, content_type, headers, metadata, tags, acl, storage_class, checksum_algorithm, checksum_type, checksum,
        lock_mode, retain_until, legal_hold)
    VALUES (version, bucket, object_key, settings.versioning <> 'enabled', true, is_marker, bytes, tag, file, parts,
        owner, type, kept_headers, user_metadata, object_tags, list, class, sum_algorithm, sum_type, sum, mode, until, hold);
    IF settings.notifies THEN
        PERFORM record_event(bucket, event, object_key, version, settings.versioning <> 'enabled', bytes, tag);
    END IF;
    IF settings.is_limited THEN
        PERFORM charge_quotas(
            bucket, settings.owner_id, bytes - coalesce(replaced_bytes, 0) - freed,
            CASE WHEN is_marker THEN 0 ELSE 1 END - coalesce(replaced_objects, 0));
    END IF;
    RETURN 'written';
END
$$;
