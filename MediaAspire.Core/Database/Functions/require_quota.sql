-- Fails with SQLSTATE MA003 when an addition, which is in the usage already, exceeds a quota. Nothing is refused before the stored content
-- has been counted, nor a change that adds nothing, however much is used. The client reads the refusal from the error's fields: table
-- (owner or bucket), constraint (its name), column (bytes or objects), and hint (limit, usage without the addition, addition).
CREATE OR REPLACE FUNCTION require_quota(quota quotas, added_bytes bigint, added_objects bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    unit text;
    figures bigint[];
    scope text := CASE WHEN quota.bucket_id IS NULL THEN 'owner' ELSE 'bucket' END;
    scope_name text;
BEGIN
    IF quota.is_counting THEN
        RETURN;
    END IF;
    IF added_bytes > 0 AND quota.used_bytes > quota.max_bytes THEN
        unit := 'bytes';
        figures := ARRAY[quota.max_bytes, quota.used_bytes - added_bytes, added_bytes];
    ELSIF added_objects > 0 AND quota.used_objects > quota.max_objects THEN
        unit := 'objects';
        figures := ARRAY[quota.max_objects, quota.used_objects - added_objects, added_objects];
    ELSE
        RETURN;
    END IF;
    scope_name := coalesce(quota.owner_id, (SELECT b.name FROM buckets b WHERE b.bucket_id = quota.bucket_id));
    RAISE EXCEPTION 'the quota of % % does not allow % more %', scope, scope_name, figures[3], unit
        USING ERRCODE = 'MA003', TABLE = scope, CONSTRAINT = scope_name, COLUMN = unit, HINT = array_to_string(figures, ' ');
END
$$;
