-- Releases the bytes of a resumable upload, and what they count to a quota. The caller holds the upload's row.
CREATE OR REPLACE FUNCTION release_upload(upload uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    released uuid[];
    counted record;
BEGIN
    SELECT array_agg(p.file_id) INTO released FROM upload_pieces p WHERE p.upload_id = upload;
    IF released IS NOT NULL THEN
        PERFORM release_files(released);
        DELETE FROM upload_pieces p WHERE p.upload_id = upload;
    END IF;
    SELECT u.bucket_id, u.owner, u.reserved INTO counted FROM uploads u WHERE u.upload_id = upload AND u.reserved > 0;
    IF FOUND THEN
        UPDATE uploads u SET reserved = 0 WHERE u.upload_id = upload;
        PERFORM charge_upload(counted.bucket_id, counted.owner, -counted.reserved, 0);
    END IF;
END
$$;
