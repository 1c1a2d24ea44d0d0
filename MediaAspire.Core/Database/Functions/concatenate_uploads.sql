-- Records an upload that has the bytes of partial uploads, in their order; it holds their files too. A repeated call finds the upload that
-- has taken the same parts. The outcome is 'created', 'found', or for a part 'not-found', 'incomplete' or 'taken' by another
-- concatenation, or 'too-large'.
CREATE OR REPLACE FUNCTION concatenate_uploads(
    upload uuid, of_owner text, by_initiator text, wanted jsonb, told jsonb, most bigint, sha bytea, bucket uuid, lasts interval,
    joined uuid[])
RETURNS TABLE (outcome text, made uuid) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    part record;
    usable integer := 0;
    size bigint := 0;
    taken_by uuid;
BEGIN
    made := upload;
    FOR part IN
        SELECT u.upload_id, u.received, u.state, u.joined_into FROM uploads u
        WHERE u.upload_id = ANY (joined) AND u.is_partial AND u.owner IS NOT DISTINCT FROM of_owner AND u.expires_at > now()
        ORDER BY u.upload_id FOR UPDATE
    LOOP
        IF part.state <> 'completed' THEN
            outcome := 'incomplete';
            RETURN NEXT;
            RETURN;
        END IF;
        taken_by := coalesce(taken_by, part.joined_into);
        usable := usable + 1;
    END LOOP;
    IF usable <> (SELECT count(DISTINCT id) FROM unnest(joined) AS id) THEN
        outcome := 'not-found';
    ELSIF taken_by IS NOT NULL THEN
        SELECT u.upload_id INTO made FROM uploads u WHERE u.upload_id = taken_by AND u.parts = joined;
        outcome := CASE WHEN FOUND THEN 'found' ELSE 'taken' END;
        made := coalesce(made, upload);
    ELSE
        SELECT coalesce(sum(u.received), 0) INTO size FROM unnest(joined) AS j (id) JOIN uploads u ON u.upload_id = j.id;
        outcome := CASE WHEN size > most THEN 'too-large' ELSE 'created' END;
    END IF;
    IF outcome = 'created' THEN
        INSERT INTO uploads (upload_id, owner, initiator, state, is_partial, target, metadata, length, max_length, received, pieces,
            declared_sha256, bucket_id, lifetime, parts, expires_at)
        VALUES (upload, of_owner, by_initiator, 'completing', false, wanted, told, size, most, size, 0,
            sha, bucket, lasts, joined, now() + lasts);
        INSERT INTO upload_pieces (upload_id, piece_number, file_id, piece_offset, size, etag, checksum)
        SELECT upload, row_number() OVER w - 1, p.file_id, sum(p.size) OVER w - p.size, p.size, p.etag, p.checksum
        FROM unnest(joined) WITH ORDINALITY AS j (id, place) JOIN upload_pieces p ON p.upload_id = j.id
        WINDOW w AS (ORDER BY j.place, p.piece_number);
        UPDATE uploads u SET pieces = (SELECT count(*) FROM upload_pieces p WHERE p.upload_id = upload) WHERE u.upload_id = upload;
        PERFORM require_met(
            hold_files(ARRAY(SELECT p.file_id FROM upload_pieces p WHERE p.upload_id = upload)), 'lost');
    END IF;
    RETURN NEXT;
END
$$;
