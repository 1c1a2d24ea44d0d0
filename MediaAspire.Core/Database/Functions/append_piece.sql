-- Adds a file, which the caller makes visible in this transaction with one holder, as the next piece of a resumable upload. With `ends` the
-- append ends with it, and with `completes` the upload has its length then; with `stays_open` it takes more requests, whatever its length
-- is. An upload that has all bytes changes its state. Fails with
-- SQLSTATE MA002 when another append has taken the upload, or when it takes no more bytes, and as charge_quotas() does.
CREATE OR REPLACE FUNCTION append_piece(
    upload uuid, of_term bigint, at bigint, file uuid, bytes bigint, tag text, sum text, ends boolean, completes boolean,
    stays_open boolean, counts boolean)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    u uploads%ROWTYPE;
    grown bigint;
BEGIN
    SELECT * INTO u FROM uploads t WHERE t.upload_id = upload FOR UPDATE;
    IF NOT FOUND OR u.state <> 'receiving' THEN
        RAISE EXCEPTION 'upload % takes no more bytes', upload USING ERRCODE = 'MA002', CONSTRAINT = 'closed';
    END IF;
    IF u.term <> of_term OR u.received <> at THEN
        RAISE EXCEPTION 'another append has taken upload %', upload USING ERRCODE = 'MA002', CONSTRAINT = 'taken';
    END IF;
    IF at + bytes > coalesce(u.length, u.max_length) THEN
        RAISE EXCEPTION 'upload % has another length', upload USING ERRCODE = 'MA002', CONSTRAINT = 'too-large';
    END IF;
    INSERT INTO upload_pieces (upload_id, piece_number, file_id, piece_offset, size, etag, checksum)
    VALUES (upload, u.pieces, file, at, bytes, tag, sum);
    grown := CASE WHEN counts THEN greatest(at + bytes - u.reserved, 0) ELSE 0 END;
    UPDATE uploads t SET
        received = at + bytes, pieces = t.pieces + 1, length = CASE WHEN completes THEN at + bytes ELSE t.length END,
        is_held = t.is_held AND NOT ends, reserved = t.reserved + grown, modified_at = now(), expires_at = now() + t.lifetime,
        state = CASE
            WHEN stays_open OR (NOT completes AND t.length IS DISTINCT FROM at + bytes) THEN 'receiving'
            WHEN t.is_partial THEN 'completed'
            ELSE 'completing'
        END
    WHERE t.upload_id = upload;
    IF ends THEN
        PERFORM pg_notify('image_work', 'upload-free:' || upload);
    END IF;
    IF grown > 0 THEN
        PERFORM charge_upload(u.bucket_id, u.owner, grown, 0);
    END IF;
END
$$;
