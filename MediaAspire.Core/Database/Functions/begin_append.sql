-- Gives the right to append to a resumable upload, under a new term. The outcome is one of
--   granted       the caller holds the upload, with the term that is returned
--   not-found     the upload does not exist, or has expired
--   closed        the upload takes no more bytes
--   in-parts      the upload takes parts, and no bytes at an offset
--   busy          another append holds it; the holder of its term is asked to let go. With `force` the right is taken from it.
--   wrong-offset  `expected` is not the upload's offset
--   too-large     the bytes do not fit into its length; `added` is NULL when their number is not known
--   full          the upload has `most_pieces` pieces
CREATE OR REPLACE FUNCTION begin_append(upload uuid, expected bigint, added bigint, force boolean, most_pieces integer)
RETURNS TABLE (outcome text, granted_term bigint) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    u uploads%ROWTYPE;
BEGIN
    SELECT * INTO u FROM uploads WHERE upload_id = upload FOR UPDATE;
    outcome := CASE
        WHEN NOT FOUND OR (u.state <> 'completing' AND u.expires_at <= now()) THEN 'not-found'
        WHEN u.state <> 'receiving' THEN 'closed'
        WHEN u.part_size IS NOT NULL THEN 'in-parts'
        WHEN u.is_held AND NOT force THEN 'busy'
        WHEN u.received <> expected THEN 'wrong-offset'
        WHEN expected + coalesce(added, 0) > coalesce(u.length, u.max_length) THEN 'too-large'
        WHEN u.pieces >= most_pieces THEN 'full'
        ELSE 'granted'
    END;
    granted_term := u.term;
    IF outcome = 'busy' OR (outcome = 'granted' AND u.is_held) THEN
        PERFORM pg_notify('upload_wanted', upload || ' ' || u.term);
    END IF;
    IF outcome = 'granted' THEN
        UPDATE uploads t SET term = t.term + 1, is_held = true, expires_at = now() + t.lifetime
        WHERE t.upload_id = upload RETURNING t.term INTO granted_term;
    END IF;
    RETURN NEXT;
END
$$;
