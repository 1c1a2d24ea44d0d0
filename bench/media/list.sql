-- Lists the items that fill.sql made and whose signatures were computed since.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET max_parallel_workers_per_gather = 0;

-- The indexes are made again at the end, which is many times faster.
CREATE TEMP TABLE listing_indexes AS
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
FROM pg_index WHERE indrelid = 'media_listing'::regclass AND NOT indisprimary;
SELECT format('DROP INDEX %s', name) FROM listing_indexes \gexec
VACUUM FULL media;
INSERT INTO media_listing (media_id, created_at, uploaded_at, updated_at, size, width, height, access, status, owner, kind, name_key, tags,
    categories, search_text, terms_low, terms_high, name_text, text_low, text_high)
SELECT media_id, created_at, coalesce(uploaded_at, created_at), updated_at, size, width, height, access, status, owner, kind,
    left(normal_name, 100), tags, categories, search_text,
    terms_low, terms_high, name_text, text_low, text_high
FROM media WHERE status <> 1 AND removed_at IS NULL AND NOT is_unlisted AND NOT is_temporary ORDER BY created_at;
SELECT definition FROM listing_indexes \gexec
DROP TABLE listing_indexes;
VACUUM (ANALYZE) media;
VACUUM (ANALYZE) media_listing;
VACUUM (ANALYZE) media_parts;
VACUUM (ANALYZE) media_objects;
