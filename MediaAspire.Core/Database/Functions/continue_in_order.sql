-- Makes an upload in parts of S3 a resumable upload of the same id, which takes bytes at its offset: the end of the parts that have no gap
-- before them. Parts after a gap are released. Returns whether the upload was under way. Waits for the parts that are being committed now;
-- those that come later find no upload.
CREATE OR REPLACE FUNCTION continue_in_order(upload uuid, wanted jsonb, told jsonb, most bigint, lasts interval) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    m record;
    kept bigint;
    released uuid[];
    freed bigint;
BEGIN
    SELECT * INTO m FROM multipart_uploads t WHERE t.upload_id = upload AND t.completed_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT coalesce(sum(p.size) FILTER (WHERE p.is_kept), 0), coalesce(sum(p.size) FILTER (WHERE NOT p.is_kept), 0),
        array_agg(p.file_id) FILTER (WHERE NOT p.is_kept)
    INTO kept, freed, released
    FROM (
        SELECT t.file_id, t.size, t.part_number = row_number() OVER (ORDER BY t.part_number) AND t.size > 0 AS is_kept
        FROM multipart_parts t WHERE t.upload_id = upload) AS p;
    INSERT INTO uploads (upload_id, owner, initiator, is_partial, target, metadata, max_length, received, bucket_id, reserved, lifetime,
        created_at, expires_at)
    VALUES (upload, m.owner_id, m.initiator_id, false, wanted, told, greatest(most, kept), kept, m.bucket_id, kept, lasts,
        m.initiated_at, now() + lasts);
    INSERT INTO upload_pieces (upload_id, piece_number, file_id, piece_offset, size, etag, checksum)
    SELECT upload, row_number() OVER w - 1, p.file_id, sum(p.size) OVER w - p.size, p.size, p.etag, p.checksum
    FROM (
        SELECT t.*, row_number() OVER (ORDER BY t.part_number) AS place FROM multipart_parts t WHERE t.upload_id = upload) AS p
    WHERE p.part_number = p.place AND p.size > 0
    WINDOW w AS (ORDER BY p.part_number);
    UPDATE uploads u SET pieces = (SELECT count(*) FROM upload_pieces p WHERE p.upload_id = upload) WHERE u.upload_id = upload;
    IF released IS NOT NULL THEN
        PERFORM release_files(released);
    END IF;
    DELETE FROM multipart_uploads t WHERE t.upload_id = upload;
    IF freed > 0 THEN
        PERFORM charge_bucket(m.bucket_id, -freed, 0);
    END IF;
    RETURN true;
END
$$;
