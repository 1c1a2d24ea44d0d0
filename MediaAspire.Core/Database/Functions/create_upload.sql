-- Records a resumable upload, and counts its length to the quota when it is known and `counts`. Fails as charge_quotas() does.
CREATE OR REPLACE FUNCTION create_upload(
    upload uuid, of_owner text, by_initiator text, partial boolean, wanted jsonb, told jsonb, known_length bigint, most bigint,
    sha bytea, bucket uuid, counts boolean, lasts interval, size_of_parts bigint)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    counted bigint := CASE WHEN counts THEN coalesce(known_length, 0) ELSE 0 END;
BEGIN
    INSERT INTO uploads (upload_id, owner, initiator, is_partial, target, metadata, length, max_length, declared_sha256, bucket_id,
        reserved, lifetime, expires_at, part_size)
    VALUES (upload, of_owner, by_initiator, partial, wanted, told, known_length, most, sha, bucket,
        counted, lasts, now() + lasts, size_of_parts);
    IF counted > 0 THEN
        PERFORM charge_upload(bucket, of_owner, counted, 0);
    END IF;
END
$$;
