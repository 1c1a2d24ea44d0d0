-- Adds to the usage that a resumable upload is counted to: that of its bucket and the bucket's owner, or that of its owner. A bucket or an
-- owner that does not exist any more has no quota. Fails as charge_quotas() does; `freed_bytes` are those of the owner that the caller
-- frees in this transaction. The caller has changed a row before, see charge_bucket().
CREATE OR REPLACE FUNCTION charge_upload(bucket uuid, charged text, bytes bigint, objects bigint, freed_bytes bigint DEFAULT 0)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF bucket IS NOT NULL THEN
        PERFORM charge_bucket(bucket, bytes, objects);
    ELSIF charged IS NOT NULL AND EXISTS (SELECT FROM owners o WHERE o.owner_id = charged) THEN
        PERFORM charge_owner(charged, bytes, objects, freed_bytes);
    END IF;
END
$$;
