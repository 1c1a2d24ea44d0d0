-- Ends the receiving of a resumable upload that has all its bytes; one of unknown length ends with those that it has. `sha` is the SHA-256
-- of the bytes, NULL when the caller does not know it. The outcome is 'completing', 'completed', 'failed', 'not-found', 'busy' while an
-- append holds it, or 'incomplete'.
CREATE OR REPLACE FUNCTION begin_completion(upload uuid, sha bytea) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    u uploads%ROWTYPE;
BEGIN
    SELECT * INTO u FROM uploads t WHERE t.upload_id = upload FOR UPDATE;
    IF NOT FOUND OR (u.state <> 'completing' AND u.expires_at <= now()) THEN
        RETURN 'not-found';
    ELSIF u.state = 'receiving' AND u.is_held THEN
        RETURN 'busy';
    ELSIF u.state = 'receiving' AND coalesce(u.length, u.received) <> u.received THEN
        RETURN 'incomplete';
    ELSIF u.state = 'receiving' THEN
        UPDATE uploads t SET length = t.received, state = CASE WHEN t.is_partial THEN 'completed' ELSE 'completing' END,
            sha256 = sha, modified_at = now(), expires_at = now() + t.lifetime
        WHERE t.upload_id = upload RETURNING t.state INTO u.state;
    ELSIF u.state = 'completing' AND sha IS NOT NULL THEN
        UPDATE uploads t SET sha256 = sha WHERE t.upload_id = upload;
    END IF;
    RETURN u.state;
END
$$;
