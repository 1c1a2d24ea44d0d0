-- Lists the objects and common prefixes that readers see of a bucket, in the order of keys: at most `most` entries, after a key or after
-- all keys of a prefix. Each common prefix costs one jump in the index, independently of the number of keys in it. Only a plan along
-- the index does that, so the settings forbid every other plan, which the planner may choose by statistics from when the table was small.
-- Such a plan looks expensive enough to be compiled, though a jump reads one row: compiling takes milliseconds, a jump microseconds.
CREATE OR REPLACE FUNCTION list_objects(bucket uuid, prefix text, delimiter text, after text, after_is_prefix boolean, most integer)
RETURNS TABLE (
    item text, is_prefix boolean, modified_at timestamptz, etag text, size bigint, owner_id text, storage_class text,
    checksum_algorithm text, checksum_type text)
LANGUAGE plpgsql STABLE ROWS 1000
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET jit = off AS $$
DECLARE
    first_key text COLLATE "C" := greatest(
        prefix COLLATE "C",
        CASE WHEN after_is_prefix THEN coalesce(text_after(after), after_all_keys()) ELSE after || chr(1) END COLLATE "C");
    bound text COLLATE "C" := coalesce(text_after(prefix), after_all_keys());
    listed CURSOR FOR
        SELECT o.key, o.modified_at, o.etag, o.size, o.owner_id, o.storage_class, o.checksum_algorithm, o.checksum_type
        FROM objects o
        WHERE o.bucket_id = bucket AND o.key >= first_key AND o.key < bound AND o.is_latest AND NOT o.is_delete_marker
        ORDER BY o.key;
    place integer;
    remaining integer := most;
    is_open boolean := false;
BEGIN
    IF delimiter = '' THEN
        RETURN QUERY
            SELECT o.key, false, o.modified_at, o.etag, o.size, o.owner_id, o.storage_class, o.checksum_algorithm, o.checksum_type
            FROM objects o
            WHERE o.bucket_id = bucket AND o.key >= first_key AND o.key < bound AND o.is_latest AND NOT o.is_delete_marker
            ORDER BY o.key LIMIT most;
        RETURN;
    END IF;
    WHILE remaining > 0 LOOP
        IF NOT is_open THEN
            OPEN listed;
            is_open := true;
        END IF;
        FETCH listed INTO item, modified_at, etag, size, owner_id, storage_class, checksum_algorithm, checksum_type;
        EXIT WHEN NOT FOUND;
        place := strpos(substr(item, length(prefix) + 1), delimiter);
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
