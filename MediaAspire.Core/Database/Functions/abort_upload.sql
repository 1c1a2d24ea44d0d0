-- Ends an upload that is under way, and releases its parts. Returns whether it was under way. Waits for the parts that are being committed
-- now; those that come later find no upload.
CREATE OR REPLACE FUNCTION abort_upload(aborted uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    bucket uuid;
    freed bigint;
    released uuid[];
BEGIN
    SELECT u.bucket_id INTO bucket FROM multipart_uploads u WHERE u.upload_id = aborted AND u.completed_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT array_agg(p.file_id), coalesce(sum(p.size), 0) INTO released, freed FROM multipart_parts p WHERE p.upload_id = aborted;
    IF released IS NOT NULL THEN
        PERFORM release_files(released);
    END IF;
    DELETE FROM multipart_uploads u WHERE u.upload_id = aborted;
    PERFORM charge_bucket(bucket, -freed, 0);
    RETURN true;
END
$$;
