-- Aborts uploads in parts of S3 to which no part has come for `idle`, with their parts. Returns their number.
CREATE OR REPLACE FUNCTION expire_multipart_uploads(idle interval, most integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    expired uuid;
    removed integer := 0;
BEGIN
    FOR expired IN
        SELECT u.upload_id FROM multipart_uploads u
        WHERE u.completed_at IS NULL AND u.initiated_at <= now() - idle AND NOT EXISTS (
            SELECT FROM multipart_parts p WHERE p.upload_id = u.upload_id AND p.modified_at > now() - idle)
        ORDER BY u.initiated_at LIMIT most FOR UPDATE SKIP LOCKED
    LOOP
        removed := removed + abort_upload(expired)::integer;
    END LOOP;
    RETURN removed;
END
$$;
