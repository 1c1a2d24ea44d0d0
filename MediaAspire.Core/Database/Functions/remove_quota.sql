-- Removes the quota of a bucket or of an owner, the other NULL. Returns whether it had one.
CREATE OR REPLACE FUNCTION remove_quota(bucket uuid, owner text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM lock_quotas();
    DELETE FROM quotas q WHERE q.bucket_id = bucket OR q.owner_id = owner;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE owners o SET is_limited = false WHERE o.owner_id = owner;
    UPDATE buckets b SET is_limited = false
    WHERE (b.bucket_id = bucket OR b.owner_id = owner)
      AND NOT EXISTS (SELECT FROM quotas q WHERE q.bucket_id = b.bucket_id OR q.owner_id = b.owner_id);
    RETURN true;
END
$$;
