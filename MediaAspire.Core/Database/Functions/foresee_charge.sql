-- Fails as charge_quotas() would if a bucket and an owner, each NULL for none, were charged now. Returns the bytes that may be added, NULL
-- for any number. It holds nothing: the charge itself decides.
CREATE OR REPLACE FUNCTION foresee_charge(bucket uuid, owner text, bytes bigint, objects bigint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    quota quotas%ROWTYPE;
    room bigint;
BEGIN
    FOR quota IN SELECT q.* FROM quotas q WHERE q.bucket_id = bucket OR q.owner_id = owner LOOP
        IF NOT quota.is_counting THEN
            room := least(room, greatest(quota.max_bytes - quota.used_bytes, 0));
        END IF;
        quota.used_bytes := quota.used_bytes + bytes;
        quota.used_objects := quota.used_objects + objects;
        PERFORM require_quota(quota, bytes, objects);
    END LOOP;
    RETURN room;
END
$$;
