-- Makes a file, which the caller makes visible in this transaction with one holder, a part of a resumable upload in parts, in the place of
-- the part that had its number. Fails with SQLSTATE MA002 when the upload takes no more parts, or when the part has another length.
CREATE OR REPLACE FUNCTION put_upload_part(upload uuid, number integer, file uuid, bytes bigint, tag text, sum text)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    u uploads%ROWTYPE;
    replaced uuid;
BEGIN
    SELECT * INTO u FROM uploads t WHERE t.upload_id = upload FOR UPDATE;
    IF NOT FOUND OR u.state <> 'receiving' OR u.part_size IS NULL OR u.expires_at <= now() THEN
        RAISE EXCEPTION 'upload % takes no more parts', upload USING ERRCODE = 'MA002', CONSTRAINT = 'closed';
    END IF;
    IF number < 1 OR bytes IS DISTINCT FROM least(u.part_size, u.length - (number - 1) * u.part_size) THEN
        RAISE EXCEPTION 'part % of upload % has another length', number, upload USING ERRCODE = 'MA002', CONSTRAINT = 'wrong-length';
    END IF;
    DELETE FROM upload_pieces p WHERE p.upload_id = upload AND p.piece_number = number - 1 RETURNING p.file_id INTO replaced;
    IF replaced IS NOT NULL THEN
        PERFORM release_files(ARRAY[replaced]);
    ELSE
        UPDATE uploads t SET received = t.received + bytes, pieces = t.pieces + 1 WHERE t.upload_id = upload;
    END IF;
    INSERT INTO upload_pieces (upload_id, piece_number, file_id, piece_offset, size, etag, checksum)
    VALUES (upload, number - 1, file, (number - 1) * u.part_size, bytes, tag, sum);
    UPDATE uploads t SET modified_at = now(), expires_at = now() + t.lifetime WHERE t.upload_id = upload;
END
$$;
