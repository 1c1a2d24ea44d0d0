-- Adds to the usage of a bucket and of an owner, each NULL for none, and frees with negative numbers. Fails with SQLSTATE MA003 when a
-- quota does not allow what is added; what the caller has `freed` in this transaction is not added. Waits for the other transactions that
-- change the same usage, so it comes after every other lock, and the bucket's row before the owner's.
CREATE OR REPLACE FUNCTION charge_quotas(
    bucket uuid, owner text, bytes bigint, objects bigint, freed_bytes bigint DEFAULT 0, freed_objects bigint DEFAULT 0)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    quota quotas%ROWTYPE;
BEGIN
    IF bytes = 0 AND objects = 0 THEN
        RETURN;
    END IF;
    IF bucket IS NOT NULL THEN
        UPDATE quotas q SET used_bytes = q.used_bytes + bytes, used_objects = q.used_objects + objects
        WHERE q.bucket_id = bucket RETURNING q.* INTO quota;
        IF FOUND THEN
            PERFORM require_quota(quota, bytes - freed_bytes, objects - freed_objects);
        END IF;
    END IF;
    IF owner IS NOT NULL THEN
        UPDATE quotas q SET used_bytes = q.used_bytes + bytes, used_objects = q.used_objects + objects
        WHERE q.owner_id = owner RETURNING q.* INTO quota;
        IF FOUND THEN
            PERFORM require_quota(quota, bytes - freed_bytes, objects - freed_objects);
        END IF;
    END IF;
END
$$;
