-- Fails as write_version() would by a quota if it wrote a version of a key now, see foresee_charge().
CREATE OR REPLACE FUNCTION foresee_version(bucket uuid, object_key text, bytes bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    settings record;
    freed_bytes bigint := 0;
    freed_objects bigint := 0;
BEGIN
    SELECT b.versioning, b.owner_id INTO settings FROM buckets b WHERE b.bucket_id = bucket;
    IF settings.versioning <> 'enabled' THEN
        SELECT coalesce(sum(o.size), 0), count(*) FILTER (WHERE NOT o.is_delete_marker) INTO freed_bytes, freed_objects
        FROM objects o WHERE o.bucket_id = bucket AND o.key = object_key AND o.is_null;
    END IF;
    PERFORM foresee_charge(bucket, settings.owner_id, bytes - freed_bytes, 1 - freed_objects);
END
$$;
