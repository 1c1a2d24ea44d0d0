-- Ends an upload with a code and a sentence, and releases its file. Notifies the waiting processes by `signal`. Returns whether the upload
-- was still waiting.
CREATE OR REPLACE FUNCTION fail_image_upload(upload uuid, failure_code text, failure_message text, kept interval, signal text)
RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    held uuid;
BEGIN
    SELECT u.file_id INTO held FROM image_uploads u WHERE u.upload_id = upload AND u.state = 'waiting' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE image_uploads
    SET state = 'failed', file_id = NULL, result = jsonb_build_object('code', failure_code, 'message', failure_message),
        expires_at = now() + kept
    WHERE upload_id = upload;
    IF held IS NOT NULL THEN
        PERFORM release_files(ARRAY[held]);
    END IF;
    PERFORM pg_notify('image_work', signal);
    RETURN true;
END
$$;
