-- Copies the row of one object for all other keys of bench/s3/fill.sh. Variables: bucket, template, witnesses, keys.
\timing on
SELECT format(
    $$
    INSERT INTO objects (version_id, key, file_id, %1$s)
    SELECT gen_random_uuid(), lpad((i / 1000)::text, 6, '0') || '/' || lpad(i::text, 6, '0'), gen_random_uuid(), %1$s
    FROM (SELECT o.* FROM objects o JOIN buckets b USING (bucket_id) WHERE b.name = %2$L AND o.key = %3$L) AS template,
        generate_series(%4$s::integer, %5$s::integer - 1) AS i
    $$,
    string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position), :'bucket', :'template', :'witnesses', :'keys')
FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = 'objects' AND is_identity = 'NO'
    AND column_name NOT IN ('version_id', 'key', 'file_id')
\gexec
-- Autovacuum would have run while objects were put. The checkpoint must not fall into a pass.
VACUUM (ANALYZE) objects;
CHECKPOINT;
