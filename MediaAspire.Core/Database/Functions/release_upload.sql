-- Releases the bytes of a resumable upload, and what they count to a quota. The caller holds the upload's row.
CREATE OR REPLACE FUNCTION release_upload(upload uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    released uuid[];
BEGIN
    SELECT array_agg(p.file_id) INTO released FROM upload_pieces p WHERE p.upload_id = upload;
    IF released IS NOT NULL THEN
        PERFORM release_files(released);
        DELETE FROM upload_pieces p WHERE p.upload_id = upload;
    END IF;
    PERFORM free_upload(upload);
END
$$;
