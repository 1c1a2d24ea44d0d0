-- Deletes one object or version. With `version`, or with `is_null_version` for the null version, it removes that version for good;
-- otherwise it deletes as the bucket's versioning (`state`) prescribes: for good, or by a delete marker with the id `marker_id`. The
-- outcome is:
--   deleted              the version is gone, or hidden by a marker; a key or version that does not exist counts as deleted
--   precondition-failed  the entity tag ('*' for any), the size or the time, to the second, is not the expected one
--   locked               the version is locked
-- `marker` is the delete marker that was written, or that was the removed version. The caller holds the locks, see delete_objects().
CREATE OR REPLACE FUNCTION delete_object(
    bucket uuid, state text, owner text, object_key text, version uuid, is_null_version boolean,
    expected_etag text, expected_size bigint, expected_time timestamptz, bypasses boolean, marker_id uuid,
    OUT outcome text, OUT marker uuid, OUT is_null_marker boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    target objects%ROWTYPE;
    is_found boolean;
BEGIN
    -- The rows are locked, too: the lock of a version changes without the lock of its key.
    IF version IS NOT NULL THEN
        SELECT o.* INTO target FROM objects o
        WHERE o.version_id = version AND o.bucket_id = bucket AND o.key = object_key AND NOT o.is_null FOR UPDATE;
    ELSIF is_null_version THEN
        SELECT o.* INTO target FROM objects o WHERE o.bucket_id = bucket AND o.key = object_key AND o.is_null FOR UPDATE;
    ELSE
        SELECT o.* INTO target FROM objects o WHERE o.bucket_id = bucket AND o.key = object_key AND o.is_latest
        ORDER BY o.position DESC LIMIT 1;
    END IF;
    is_found := FOUND;
    is_null_marker := false;
    outcome := 'deleted';
    IF is_found AND (
        coalesce(expected_etag <> '*' AND expected_etag <> target.etag, false)
        OR coalesce(expected_size <> target.size, false)
        OR coalesce(expected_time <> date_trunc('second', target.modified_at), false)) THEN
        outcome := 'precondition-failed';
    ELSIF version IS NOT NULL OR is_null_version OR state = 'off' THEN
        IF NOT is_found THEN
            RETURN;
        END IF;
        IF is_held(target.lock_mode, target.retain_until, target.legal_hold, bypasses) THEN
            outcome := 'locked';
            RETURN;
        END IF;
        IF target.is_delete_marker THEN
            marker := target.version_id;
            is_null_marker := target.is_null;
        END IF;
        PERFORM remove_versions(ARRAY[target.version_id]);
    ELSIF is_found OR (expected_etag IS NULL AND expected_size IS NULL AND expected_time IS NULL) THEN
        -- On a key without versions a condition holds only because there is nothing to delete: a marker would fail the same request when it
        -- is sent again.
        PERFORM write_marker(bucket, object_key, marker_id, owner);
        marker := marker_id;
        is_null_marker := state <> 'enabled';
    END IF;
END
$$;
