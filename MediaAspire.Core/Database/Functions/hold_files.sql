-- Adds one holder to each file, as often as it is listed. Returns whether every file could be held: a file that was deleted meanwhile, or
-- that stands for itself, can't. The files' rows are locked in one order, as in release_files(): a transaction that removes the last
-- holder ends before or after this one.
CREATE OR REPLACE FUNCTION hold_files(held uuid[]) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    updated bigint;
BEGIN
    PERFORM FROM files WHERE file_id = ANY (held) AND upload_status = 'completed' ORDER BY file_id FOR NO KEY UPDATE;
    UPDATE files f SET holders = f.holders + h.times
    FROM (SELECT id, count(*) AS times FROM unnest(held) AS id GROUP BY id) AS h
    WHERE f.file_id = h.id AND f.upload_status = 'completed' AND f.holders IS NOT NULL;
    GET DIAGNOSTICS updated = ROW_COUNT;
    RETURN updated = (SELECT count(DISTINCT id) FROM unnest(held) AS id);
END
$$;
