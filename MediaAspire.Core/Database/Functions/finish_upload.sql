-- Gives a resumable upload its result and forgets its pieces, whose files the caller has taken over or released. What the upload counts to
-- a quota is counted by the result from now on; with `is_freed` the caller has freed it. Fails with SQLSTATE MA002 when the upload is not
-- completing.
CREATE OR REPLACE FUNCTION finish_upload(upload uuid, outcome jsonb, kept interval, is_freed boolean) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    counted record;
BEGIN
    SELECT u.bucket_id, u.owner, u.reserved INTO counted FROM uploads u WHERE u.upload_id = upload AND u.state = 'completing' FOR UPDATE;
    PERFORM require_met(FOUND, 'gone');
    DELETE FROM upload_pieces p WHERE p.upload_id = upload;
    UPDATE uploads u SET state = 'completed', result = outcome, reserved = 0, modified_at = now(), expires_at = now() + kept
    WHERE u.upload_id = upload;
    PERFORM pg_notify('image_work', 'upload-end:' || upload);
    IF counted.reserved > 0 AND NOT is_freed THEN
        PERFORM charge_upload(counted.bucket_id, counted.owner, -counted.reserved, 0);
    END IF;
END
$$;
