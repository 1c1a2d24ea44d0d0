-- Removes a resumable upload and its bytes. The outcome is 'cancelled', 'not-found', or 'finished' for one whose result exists or is being
-- made.
CREATE OR REPLACE FUNCTION cancel_upload(upload uuid) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    u uploads%ROWTYPE;
BEGIN
    SELECT * INTO u FROM uploads t WHERE t.upload_id = upload FOR UPDATE;
    IF NOT FOUND OR (u.state <> 'completing' AND u.expires_at <= now()) THEN
        RETURN 'not-found';
    ELSIF u.state = 'completing' OR (u.state = 'completed' AND NOT u.is_partial) OR u.joined_into IS NOT NULL THEN
        RETURN 'finished';
    END IF;
    PERFORM release_upload(upload);
    DELETE FROM uploads t WHERE t.upload_id = upload;
    IF u.is_held THEN
        PERFORM pg_notify('upload_wanted', upload::text);
    END IF;
    RETURN 'cancelled';
END
$$;
