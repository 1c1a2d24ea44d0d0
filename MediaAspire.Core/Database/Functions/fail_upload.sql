-- Ends a resumable upload with a failure, and releases its bytes. Returns whether it was under way.
CREATE OR REPLACE FUNCTION fail_upload(upload uuid, code text, message text, kept interval) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE uploads u SET state = 'failed', failure_code = code, failure_message = message, is_held = false, modified_at = now(),
        expires_at = now() + kept
    WHERE u.upload_id = upload AND u.state IN ('receiving', 'completing');
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM release_upload(upload);
    PERFORM pg_notify('image_work', 'upload-end:' || upload);
    RETURN true;
END
$$;
