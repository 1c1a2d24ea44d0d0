-- Lists and searches of media: a narrow row for each item that lists show, with an index for each order; see ADR 22.

CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- As in Database/Functions: the columns below are computed now. Its results never change.
CREATE FUNCTION media_signature(tags text[], categories text[]) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(bit_or(
        1::bigint << (get_byte(h, 0) & 63) | 1::bigint << (get_byte(h, 1) & 63) | 1::bigint << (get_byte(h, 2) & 63)), 0)
    FROM (SELECT sha256(convert_to('t' || t, 'UTF8')) AS h FROM unnest(tags) AS t
        UNION ALL SELECT sha256(convert_to('c' || c, 'UTF8')) FROM unnest(categories) AS c) AS terms
$$;

ALTER TABLE media
    -- 0 private, 1 public, 2 public but in no public list.
    ADD access smallint NOT NULL GENERATED ALWAYS AS (CASE WHEN NOT is_public THEN 0 WHEN is_direct_only THEN 2 ELSE 1 END) STORED,
    ADD signature bigint NOT NULL GENERATED ALWAYS AS (media_signature(tags, categories)) STORED,
    -- Name, description, website, owner and alias, normalized and separated by U+001F; a text match searches in it.
    ADD search_text text COLLATE "C" NOT NULL DEFAULT '';

UPDATE media SET search_text =
    concat_ws(
        U&'\001F', normal_name, lower(coalesce(description, '')), lower(coalesce(website, '')), lower(owner), lower(coalesce(alias, '')));

-- The order by the last change, which each update of an item moves. The tables differ so that other updates leave the indexes below alone.
CREATE INDEX media_updated ON media (updated_at, media_id) INCLUDE (access, kind, created_at, size, width, height, signature)
    WHERE status <> 1 AND removed_at IS NULL AND NOT is_unlisted AND NOT is_temporary;
CREATE INDEX media_owner_updated ON media (owner, updated_at, media_id) INCLUDE (access, kind, created_at, size, width, height, signature)
    WHERE status <> 1 AND removed_at IS NULL AND NOT is_unlisted AND NOT is_temporary;

-- The few items of a status other than ready, and temporary ones.
CREATE INDEX media_unready ON media (status, created_at, media_id)
    WHERE status <> 3 AND removed_at IS NULL AND NOT is_unlisted AND NOT is_temporary;
CREATE INDEX media_temporary ON media (owner, created_at, media_id) WHERE is_temporary AND removed_at IS NULL AND NOT is_unlisted;
CREATE INDEX media_any_alias ON media (alias) WHERE alias IS NOT NULL AND removed_at IS NULL;
CREATE INDEX media_parent ON media (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX media_custom ON media USING gin (custom jsonb_path_ops) WHERE custom <> '{}';

-- The items that lists show: uploaded, and neither in the trash nor unlisted nor temporary. list_media() keeps the rows equal to the items.
CREATE TABLE media_listing (
    media_id        uuid PRIMARY KEY REFERENCES media ON DELETE CASCADE,
    created_at      timestamptz NOT NULL,
    uploaded_at     timestamptz NOT NULL,
    size            bigint NOT NULL,
    signature       bigint NOT NULL,
    width           integer,
    height          integer,
    access          smallint NOT NULL,
    -- In no index, so that a change of the status leaves the indexes alone.
    status          smallint NOT NULL,
    owner           text COLLATE "C" NOT NULL,
    kind            text COLLATE "C" NOT NULL,
    -- The beginning of the normalized name: an entry of an index has at most 2,700 bytes.
    name_key        text COLLATE "C" NOT NULL,
    tags            text[] COLLATE "C" NOT NULL,
    categories      text[] COLLATE "C" NOT NULL,
    search_text     text COLLATE "C" NOT NULL
) WITH (
    -- Room for the changes of the status.
    fillfactor = 80,
    -- Index-only scans read the table for pages that were not vacuumed since their last change.
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05
);
ALTER TABLE media_listing ALTER tags SET STATISTICS 1000, ALTER categories SET STATISTICS 1000, ALTER owner SET STATISTICS 1000;

INSERT INTO media_listing
SELECT media_id, created_at, coalesce(uploaded_at, created_at), size, signature, width, height, access, status, owner, kind,
    left(normal_name, 100), tags, categories, search_text
FROM media WHERE status <> 1 AND removed_at IS NULL AND NOT is_unlisted AND NOT is_temporary ORDER BY created_at;

CREATE INDEX media_listing_created ON media_listing (created_at, media_id)
    INCLUDE (access, kind, size, width, height, signature);
CREATE INDEX media_listing_owner_created ON media_listing (owner, created_at, media_id)
    INCLUDE (access, kind, size, width, height, signature);
CREATE INDEX media_listing_uploaded ON media_listing (uploaded_at, media_id)
    INCLUDE (access, kind, created_at, size, width, height, signature);
CREATE INDEX media_listing_owner_uploaded ON media_listing (owner, uploaded_at, media_id)
    INCLUDE (access, kind, created_at, size, width, height, signature);
CREATE INDEX media_listing_size ON media_listing (size, media_id)
    INCLUDE (access, kind, created_at, width, height, signature);
CREATE INDEX media_listing_owner_size ON media_listing (owner, size, media_id)
    INCLUDE (access, kind, created_at, width, height, signature);
CREATE INDEX media_listing_kind_size ON media_listing (kind, size, media_id)
    INCLUDE (access, created_at, width, height, signature);
CREATE INDEX media_listing_name ON media_listing (name_key, media_id)
    INCLUDE (access, kind, created_at, size, width, height, signature);
CREATE INDEX media_listing_owner_name ON media_listing (owner, name_key, media_id)
    INCLUDE (access, kind, created_at, size, width, height, signature);
CREATE INDEX media_listing_width ON media_listing (width) WHERE width IS NOT NULL;
CREATE INDEX media_listing_height ON media_listing (height) WHERE height IS NOT NULL;

-- One index for all, so that a search intersects the lists of an owner, a tag and a text before it reads rows. The parts of the text are
-- apart, because a word is in far more descriptions than names. Without a list of pending entries, which every search would read through.
CREATE INDEX media_listing_terms ON media_listing USING gin (
    owner, kind, access, tags, categories,
    (split_part(search_text, U&'\001F', 1)) gin_trgm_ops, (split_part(search_text, U&'\001F', 2)) gin_trgm_ops,
    (split_part(search_text, U&'\001F', 3)) gin_trgm_ops, (split_part(search_text, U&'\001F', 4)) gin_trgm_ops,
    (split_part(search_text, U&'\001F', 5)) gin_trgm_ops
) WITH (fastupdate = off);

CREATE FUNCTION list_media() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER media_is_listed AFTER INSERT OR UPDATE ON media FOR EACH ROW EXECUTE FUNCTION list_media();
