-- Sets the length of a resumable upload, once, and counts it to the quota if it `counts`. The outcome is 'set', 'not-found', 'closed',
-- 'known' for an upload that has another length, or 'wrong-length' for a length below its offset or above its maximum. An upload that has
-- all bytes changes its state, unless an append holds it: that append does so at its end. Fails as charge_quotas() does.
CREATE OR REPLACE FUNCTION set_upload_length(upload uuid, told bigint, counts boolean) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    u uploads%ROWTYPE;
    grown bigint;
BEGIN
    SELECT * INTO u FROM uploads t WHERE t.upload_id = upload FOR UPDATE;
    IF NOT FOUND OR (u.state <> 'completing' AND u.expires_at <= now()) THEN
        RETURN 'not-found';
    ELSIF u.length = told THEN
        RETURN 'set';
    ELSIF u.state <> 'receiving' THEN
        RETURN 'closed';
    ELSIF u.length IS NOT NULL THEN
        RETURN 'known';
    ELSIF told < u.received OR told > u.max_length THEN
        RETURN 'wrong-length';
    END IF;
    grown := CASE WHEN counts THEN greatest(told - u.reserved, 0) ELSE 0 END;
    UPDATE uploads t SET length = told, reserved = t.reserved + grown, modified_at = now(), expires_at = now() + t.lifetime
    WHERE t.upload_id = upload;
    IF grown > 0 THEN
        PERFORM charge_upload(u.bucket_id, u.owner, grown, 0);
    END IF;
    RETURN 'set';
END
$$;
