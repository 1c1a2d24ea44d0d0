-- Migrations of images between the two stores.
CREATE TABLE image_migrations (
    migration_id      uuid PRIMARY KEY,
    target            text COLLATE "C" NOT NULL CHECK (target IN ('chunks', 's3')),
    -- The store of new blobs before, as image_settings had it; NULL for the one of the configuration.
    previous          text COLLATE "C",
    state             text COLLATE "C" NOT NULL CHECK (state IN ('running', 'paused', 'cancelled', 'failed', 'done')),
    -- NULL for the limit of the configuration.
    bytes_per_second  bigint CHECK (bytes_per_second > 0),
    moved_blobs       bigint NOT NULL DEFAULT 0,
    moved_bytes       bigint NOT NULL DEFAULT 0,
    failures          bigint NOT NULL DEFAULT 0,
    failures_in_row   integer NOT NULL DEFAULT 0,
    error             text,
    -- Bytes a second, measured lately.
    rate              double precision,
    rated_at          timestamptz,
    started_at        timestamptz NOT NULL DEFAULT now(),
    ended_at          timestamptz
);
CREATE UNIQUE INDEX image_migrations_active ON image_migrations ((true)) WHERE state IN ('running', 'paused');
CREATE INDEX image_migrations_latest ON image_migrations (started_at DESC);

-- Copies of blobs in the other store that are not yet in the place of the originals, and blobs that could not be copied. The row comes
-- before the object, so that no copy is ever without one.
CREATE TABLE image_blob_copies (
    blob_id     uuid PRIMARY KEY REFERENCES image_blobs ON DELETE CASCADE,
    -- A file of the chunk store, which the row holds.
    file_id     uuid,
    object_key  text COLLATE "C",
    created_at  timestamptz NOT NULL DEFAULT now(),
    failures    integer NOT NULL DEFAULT 0,
    error       text,
    CHECK (num_nonnulls(file_id, object_key) <= 1)
);

CREATE FUNCTION release_blob_copy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER image_blob_copies_release_content AFTER DELETE OR UPDATE OF file_id, object_key ON image_blob_copies
    FOR EACH ROW EXECUTE FUNCTION release_blob_copy();
