-- Moves the bytes of a resumable upload to the upload in parts of S3 that the caller has made under its id: each piece becomes a part.
-- Bytes that are still to come count no longer. An append that is under way ends. Fails with SQLSTATE MA002 when the upload takes no more bytes,
-- or has more pieces than S3 has parts.
CREATE OR REPLACE FUNCTION continue_in_parts(upload uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    u uploads%ROWTYPE;
BEGIN
    SELECT * INTO u FROM uploads t WHERE t.upload_id = upload AND t.state = 'receiving' AND t.expires_at > now() FOR UPDATE;
    PERFORM require_met(FOUND AND u.pieces <= 10000, 'gone');
    INSERT INTO multipart_parts (upload_id, part_number, file_id, size, etag, checksum)
    SELECT upload, p.piece_number + 1, p.file_id, p.size, p.etag, CASE WHEN m.checksum_algorithm IS NOT NULL THEN p.checksum END
    FROM upload_pieces p JOIN multipart_uploads m USING (upload_id) WHERE p.upload_id = upload;
    DELETE FROM uploads t WHERE t.upload_id = upload;
    IF u.is_held THEN
        PERFORM pg_notify('upload_wanted', upload || ' ' || u.term);
    END IF;
    IF u.reserved <> u.received THEN
        PERFORM charge_upload(u.bucket_id, u.owner, u.received - u.reserved, 0);
    END IF;
END
$$;
