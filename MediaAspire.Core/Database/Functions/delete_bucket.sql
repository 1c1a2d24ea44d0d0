-- Deletes a bucket that has no versions, and aborts its uploads under way. Returns 'deleted', 'not-found', or 'not-empty' when it has
-- versions, delete markers included.
CREATE OR REPLACE FUNCTION delete_bucket(deleted uuid) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    released uuid[];
    freed bigint;
BEGIN
    -- Every writer of an object holds a share of this row; one that comes later finds no bucket.
    PERFORM FROM buckets WHERE bucket_id = deleted FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'not-found';
    END IF;
    IF EXISTS (SELECT FROM objects WHERE bucket_id = deleted) THEN
        RETURN 'not-empty';
    END IF;
    -- Waits for the parts that are being committed now.
    PERFORM FROM multipart_uploads WHERE bucket_id = deleted ORDER BY upload_id FOR UPDATE;
    SELECT array_agg(p.file_id), coalesce(sum(p.size), 0) INTO released, freed
    FROM multipart_parts p JOIN multipart_uploads u USING (upload_id)
    WHERE u.bucket_id = deleted AND u.completed_at IS NULL;
    IF released IS NOT NULL THEN
        PERFORM release_files(released);
    END IF;
    DELETE FROM multipart_uploads WHERE bucket_id = deleted;
    PERFORM charge_bucket(deleted, -freed, 0);
    DELETE FROM buckets WHERE bucket_id = deleted;
    RETURN 'deleted';
END
$$;
