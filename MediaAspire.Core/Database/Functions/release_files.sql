-- Takes one holder from each file, as often as it is listed. A file without holders is deleted, and its bytes are collected later. The
-- files' rows are locked in one order, so that two transactions never wait for each other in a ring.
CREATE OR REPLACE FUNCTION release_files(released uuid[]) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT FROM files WHERE file_id = ANY (released) ORDER BY file_id FOR NO KEY UPDATE;
    UPDATE files f
    SET holders = f.holders - r.times,
        upload_status = CASE WHEN f.holders <= r.times THEN 'deleted' ELSE f.upload_status END,
        deleted_at = CASE WHEN f.holders <= r.times THEN now() ELSE f.deleted_at END
    FROM (SELECT id, count(*) AS times FROM unnest(released) AS id GROUP BY id) AS r
    WHERE f.file_id = r.id AND f.upload_status = 'completed'
$$;
