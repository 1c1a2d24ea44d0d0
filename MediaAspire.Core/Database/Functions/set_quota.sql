-- Sets the quota of a bucket or of an owner, the other NULL. A new one gets `new_id` and counts changes from now on; the caller has the
-- stored content counted (ADR 19). Returns the quota's id; NULL when the bucket or the owner does not exist. No writer waits for this.
CREATE OR REPLACE FUNCTION set_quota(new_id uuid, bucket uuid, owner text, bytes bigint, objects bigint) RETURNS uuid
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    result uuid;
BEGIN
    PERFORM lock_quotas();
    UPDATE quotas q SET max_bytes = bytes, max_objects = objects, changed_at = now()
    WHERE q.bucket_id = bucket OR q.owner_id = owner RETURNING q.quota_id INTO result;
    IF NOT FOUND THEN
        INSERT INTO quotas AS q (quota_id, owner_id, bucket_id, max_bytes, max_objects)
        SELECT new_id, o.owner_id, NULL, bytes, objects FROM owners o WHERE o.owner_id = owner
        UNION ALL
        SELECT new_id, NULL, b.bucket_id, bytes, objects FROM buckets b WHERE b.bucket_id = bucket
        RETURNING q.quota_id INTO result;
        IF FOUND THEN
            PERFORM mark_limited(bucket, owner);
        END IF;
    END IF;
    RETURN result;
END
$$;
