-- Fills the catalog with :rows items, without their signatures and the listing; list.sql is the second half.
-- Owners, tags and words are drawn as by Zipf's law: item k of n with a chance of about 1/k.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET max_parallel_workers_per_gather = 0;
SELECT setseed(0.14);

ALTER TABLE media DISABLE TRIGGER USER;
ALTER TABLE media_parts DISABLE TRIGGER USER;

-- A number from 1 to n.
CREATE FUNCTION pg_temp.zipf(n integer) RETURNS integer LANGUAGE sql VOLATILE AS $$ SELECT floor(exp(random() * ln(n + 1)))::integer $$;

-- A word of three to five syllables.
CREATE FUNCTION pg_temp.word(n integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(
        substr('bacedifoguhajekilomunaperisotuvawe', 1 + 2 * (n::bigint * 48271 / 19 ^ i)::bigint::integer % 17, 2), '' ORDER BY i)
    FROM generate_series(1, 3 + n % 3) AS i
$$;
CREATE TEMP TABLE words AS SELECT i, pg_temp.word(i) AS word FROM generate_series(1, 4000) AS i;
CREATE UNIQUE INDEX ON words (i);
ANALYZE words;

-- Drawing words and tags for each item would take ten minutes, so each item takes a name, a description and sets of tags from 50,000.
CREATE TEMP TABLE texts AS
SELECT draws.i, string_agg(word, ' ') FILTER (WHERE n <= 2 + draws.i % 3) AS name,
    string_agg(word, ' ') FILTER (WHERE n > 4 AND n < 13 + draws.i % 20) AS description
FROM (SELECT i, n, pg_temp.zipf(4000) AS k FROM generate_series(1, 50000) AS i, generate_series(1, 32) AS n) AS draws
JOIN words ON words.i = k
GROUP BY draws.i;
CREATE UNIQUE INDEX ON texts (i);

-- Up to eight tags of 5,000 and three categories of 200.
CREATE TEMP TABLE terms AS
SELECT i, coalesce(array_agg(DISTINCT 'tag-' || tag) FILTER (WHERE n <= i % 9), '{}') AS tags,
    coalesce(array_agg(DISTINCT 'category-' || category) FILTER (WHERE n <= i / 10 % 4), '{}') AS categories
FROM (SELECT i, n, pg_temp.zipf(5000) AS tag, pg_temp.zipf(200) AS category
    FROM generate_series(1, 50000) AS i, generate_series(1, 8) AS n) AS draws
GROUP BY i;
CREATE UNIQUE INDEX ON terms (i);
ANALYZE texts, terms;

CREATE TEMP TABLE drawn AS
SELECT i, gen_random_uuid() AS media_id, 'owner-' || pg_temp.zipf(2000) AS owner,
    (ARRAY['image', 'image', 'image', 'image', 'image', 'video', 'video', 'model', 'pdf', 'text', 'simple', 'zip'])
        [1 + floor(random() * 12)::integer] AS kind,
    random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f, random() AS g,
    1 + floor(random() * 50000)::integer AS text_number, 1 + floor(random() * 50000)::integer AS term_number,
    -- Three years, the newest last.
    now() - interval '1095 days' * (1 - i / :rows::float8) - interval '1 minute' AS created_at
FROM generate_series(1, :rows) AS i;
ANALYZE drawn;

INSERT INTO media (media_id, owner, kind, status, is_public, is_unlisted, is_temporary, is_direct_only, name, normal_name, alias,
    description, website, tags, categories, custom, width, height, size, part_count, created_at, updated_at, uploaded_at, ready_at,
    expires_at, removed_at, search_text)
SELECT media_id, owner, kind,
    CASE WHEN a < 0.01 THEN 1 WHEN a < 0.02 THEN 2 WHEN a < 0.025 THEN 4 WHEN a < 0.03 THEN 5 ELSE 3 END,
    b < 0.3, c < 0.02, c BETWEEN 0.02 AND 0.03, b < 0.01,
    name, lower(name),
    CASE WHEN d < 0.3 THEN 'alias-' || drawn.i END,
    CASE WHEN e < 0.6 THEN description END,
    CASE WHEN f < 0.2 THEN 'https://' || pg_temp.word(1 + (f * 15000)::integer) || '.example/' || drawn.i END,
    tags, categories,
    CASE WHEN g < 0.2 THEN
        jsonb_build_object('c_rank', floor(a * 1000), 'c_colour', 'colour-' || (1 + floor(d * 50)::integer)) ELSE '{}' END,
    CASE WHEN kind IN ('image', 'video') THEN
        (ARRAY[640, 800, 1024, 1280, 1920, 2560, 3840])[1 + floor(e * 7)::integer] + (f * 20)::integer END,
    CASE WHEN kind IN ('image', 'video') THEN
        (ARRAY[480, 600, 768, 720, 1080, 1440, 2160])[1 + floor(e * 7)::integer] + (f * 20)::integer END,
    floor(exp(8 + 7 * d + CASE kind WHEN 'video' THEN 4 WHEN 'model' THEN 3 WHEN 'text' THEN -4 ELSE 0 END))::bigint,
    1, created_at, created_at + interval '30 days' * (f ^ 8), CASE WHEN a >= 0.01 THEN created_at + interval '1 minute' * a END,
    CASE WHEN a >= 0.03 THEN created_at + interval '2 minutes' * a END,
    CASE WHEN a < 0.01 OR c BETWEEN 0.02 AND 0.03 THEN now() + interval '1 day' END,
    CASE WHEN c > 0.99 THEN now() - interval '1 day' END, ''
FROM drawn JOIN texts ON texts.i = text_number JOIN terms ON terms.i = term_number ORDER BY drawn.i;

ANALYZE media;

-- As the API writes it; no word has characters that SQL and the API lower differently.
UPDATE media SET search_text =
    concat_ws(
        U&'\001F', normal_name, lower(coalesce(description, '')), lower(coalesce(website, '')), lower(owner), lower(coalesce(alias, '')));
INSERT INTO media_objects (object_key, content_type, size, sha256, state, stored_at)
SELECT 'media/' || replace(media_id::text, '-', '') || '/1-fill', 'application/octet-stream', size, sha256(media_id::text::bytea),
    CASE status WHEN 1 THEN 'pending' ELSE 'stored' END, uploaded_at
FROM media JOIN drawn USING (media_id);
INSERT INTO media_parts (media_id, part_number, type, object_key)
SELECT media_id, 1, 'content', 'media/' || replace(media_id::text, '-', '') || '/1-fill' FROM drawn;

ALTER TABLE media ENABLE TRIGGER USER;
ALTER TABLE media_parts ENABLE TRIGGER USER;
DROP TABLE drawn, texts, terms, words;
