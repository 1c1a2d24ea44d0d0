-- Lists all versions as list_objects() lists objects, the newest version of a key first. When the version to continue after was deleted
-- meanwhile, the list continues with the first version of its key.
CREATE OR REPLACE FUNCTION list_object_versions(
    bucket uuid, prefix text, delimiter text, after text, after_is_prefix boolean, after_version uuid, after_null boolean, most integer)
RETURNS TABLE (
    item text, is_prefix boolean, modified_at timestamptz, etag text, size bigint, owner_id text, storage_class text,
    checksum_algorithm text, checksum_type text, version_id uuid, is_null boolean, is_latest boolean, is_delete_marker boolean)
LANGUAGE plpgsql STABLE ROWS 1000
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET jit = off AS $$
DECLARE
    first_key text COLLATE "C" := greatest(
        prefix COLLATE "C",
        CASE WHEN after_is_prefix THEN coalesce(text_after(after), after_all_keys()) ELSE after || chr(1) END COLLATE "C");
    bound text COLLATE "C" := coalesce(text_after(prefix), after_all_keys());
    listed CURSOR FOR
        SELECT o.key, o.modified_at, o.etag, o.size, o.owner_id, o.storage_class, o.checksum_algorithm, o.checksum_type,
            o.version_id, o.is_null, o.is_latest, o.is_delete_marker
        FROM objects o
        WHERE o.bucket_id = bucket AND o.key >= first_key AND o.key < bound
        ORDER BY o.key, o.position DESC;
    place integer;
    remaining integer := most;
    is_open boolean := false;
    given integer;
BEGIN
    IF (after_version IS NOT NULL OR after_null) AND starts_with(after, prefix) THEN
        RETURN QUERY
            SELECT o.key, false, o.modified_at, o.etag, o.size, o.owner_id, o.storage_class, o.checksum_algorithm, o.checksum_type,
                o.version_id, o.is_null, o.is_latest, o.is_delete_marker
            FROM objects o
            WHERE o.bucket_id = bucket AND o.key = after AND o.position < coalesce(
                (SELECT v.position FROM objects v
                 WHERE v.bucket_id = bucket AND v.key = after
                   AND CASE WHEN after_null THEN v.is_null ELSE v.version_id = after_version AND NOT v.is_null END),
                9223372036854775807)
            ORDER BY o.key, o.position DESC LIMIT most;
        GET DIAGNOSTICS given = ROW_COUNT;
        remaining := most - given;
    END IF;
    WHILE remaining > 0 LOOP
        IF NOT is_open THEN
            OPEN listed;
            is_open := true;
        END IF;
        FETCH listed INTO item, modified_at, etag, size, owner_id, storage_class, checksum_algorithm, checksum_type,
            version_id, is_null, is_latest, is_delete_marker;
        EXIT WHEN NOT FOUND;
        place := CASE WHEN delimiter = '' THEN 0 ELSE strpos(substr(item, length(prefix) + 1), delimiter) END;
        is_prefix := place > 0;
        IF is_prefix THEN
            item := left(item, length(prefix) + place - 1 + length(delimiter));
            CLOSE listed;
            is_open := false;
            first_key := text_after(item);
        END IF;
        RETURN NEXT;
        remaining := remaining - 1;
        EXIT WHEN first_key IS NULL;
    END LOOP;
    IF is_open THEN
        CLOSE listed;
    END IF;
END
$$;
