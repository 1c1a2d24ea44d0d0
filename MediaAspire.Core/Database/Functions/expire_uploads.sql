-- Removes resumable uploads that have expired, with their bytes; what they have become stays. Returns their number.
CREATE OR REPLACE FUNCTION expire_uploads(most integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    expired uuid;
    removed integer := 0;
BEGIN
    FOR expired IN
        SELECT u.upload_id FROM uploads u WHERE u.state <> 'completing' AND u.expires_at <= now()
        ORDER BY u.expires_at LIMIT most FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM release_upload(expired);
        DELETE FROM uploads u WHERE u.upload_id = expired;
        removed := removed + 1;
    END LOOP;
    RETURN removed;
END
$$;
