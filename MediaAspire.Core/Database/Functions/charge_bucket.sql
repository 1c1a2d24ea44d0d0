-- Adds to the usage of a bucket and of its owner where a quota is set, see charge_quotas(). The caller has changed a row before, so that
-- its transaction has an id, see is_limited_owner().
CREATE OR REPLACE FUNCTION charge_bucket(charged uuid, bytes bigint, objects bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    owner text;
BEGIN
    SELECT b.owner_id INTO owner FROM buckets b WHERE b.bucket_id = charged AND b.is_limited;
    IF FOUND THEN
        PERFORM charge_quotas(charged, owner, bytes, objects);
    END IF;
END
$$;
