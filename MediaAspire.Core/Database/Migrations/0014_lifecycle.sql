-- Expiration looks only at the buckets that have rules.
CREATE INDEX buckets_lifecycle ON buckets (bucket_id) WHERE lifecycle IS NOT NULL;

-- Completed uploads are forgotten after a while.
CREATE INDEX multipart_uploads_completed ON multipart_uploads (completed_at) WHERE completed_at IS NOT NULL;

-- As before, but the files are locked in one order: whoever releases many at once does not wait in a circle with whoever copies them.
CREATE OR REPLACE FUNCTION release_files(released uuid[]) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT FROM files WHERE file_id = ANY (released) ORDER BY file_id FOR NO KEY UPDATE;
    UPDATE files f
    SET holders = f.holders - r.times,
        upload_status = CASE WHEN f.holders <= r.times THEN 'deleted' ELSE f.upload_status END,
        deleted_at = CASE WHEN f.holders <= r.times THEN now() ELSE f.deleted_at END
    FROM (SELECT id, count(*) AS times FROM unnest(released) AS id GROUP BY id) AS r
    WHERE f.file_id = r.id AND f.upload_status = 'completed'
$$;
