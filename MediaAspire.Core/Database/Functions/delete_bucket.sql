-- Deletes a bucket that has no versions, and aborts its uploads under way. Returns 'deleted', 'not-found', or 'not-empty' when it has
-- versions, delete markers included.
CREATE OR REPLACE FUNCTION delete_bucket(deleted uuid) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    -- Every writer of an object holds a share of this row; one that comes later finds no bucket.
    PERFORM FROM buckets WHERE bucket_id = deleted FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'not-found';
    END IF;
    IF EXISTS (SELECT FROM objects WHERE bucket_id = deleted) THEN
        RETURN 'not-empty';
    END IF;
    PERFORM release_files(ARRAY(
        SELECT p.file_id FROM multipart_parts p JOIN multipart_uploads u USING (upload_id)
        WHERE u.bucket_id = deleted AND u.completed_at IS NULL));
    DELETE FROM multipart_uploads WHERE bucket_id = deleted;
    DELETE FROM buckets WHERE bucket_id = deleted;
    RETURN 'deleted';
END
$$;
