-- The image repository: images by their content, the aliases that they are known by, their variants, and where their bytes are.

-- Bytes in one of the two stores. Each blob has one owner: an image, as its original or its motion, or a variant.
CREATE TABLE image_blobs (
    blob_id       uuid PRIMARY KEY,
    -- A file of the chunk store, which the blob holds.
    file_id       uuid,
    -- An object of the object store, below images/.
    object_key    text COLLATE "C",
    content_type  text NOT NULL,
    size          bigint NOT NULL CHECK (size > 0),
    sha256        bytea NOT NULL CHECK (octet_length(sha256) = 32),
    created_at    timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(file_id, object_key) = 1)
);
-- The next blobs that a migration between the stores moves.
CREATE INDEX image_blobs_in_chunks ON image_blobs (blob_id) WHERE file_id IS NOT NULL;
CREATE INDEX image_blobs_in_objects ON image_blobs (blob_id) WHERE object_key IS NOT NULL;

CREATE TABLE images (
    image_id        uuid PRIMARY KEY,
    sha256          bytea NOT NULL CHECK (octet_length(sha256) = 32),
    size            bigint NOT NULL CHECK (size > 0),
    -- The name of an ImageFormat, by the content.
    format          text COLLATE "C" NOT NULL,
    blob_id         uuid NOT NULL UNIQUE REFERENCES image_blobs,
    -- For an animation, a video of it.
    motion_blob_id  uuid UNIQUE REFERENCES image_blobs,
    -- ImageDetails as JSON.
    details         jsonb NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (sha256, size, format)
);

CREATE TABLE image_aliases (
    alias         text COLLATE "C" PRIMARY KEY CHECK (octet_length(alias) BETWEEN 1 AND 100),
    image_id      uuid NOT NULL REFERENCES images ON DELETE CASCADE,
    -- The SHA-256 of the token that allows deletion.
    delete_token  bytea NOT NULL CHECK (octet_length(delete_token) = 32),
    owner         text COLLATE "C",
    created_at    timestamptz NOT NULL DEFAULT now(),
    -- The last read of an alias that is removed when nobody reads it; NULL for one that stays.
    accessed_at   timestamptz
);
CREATE INDEX image_aliases_image ON image_aliases (image_id);
CREATE INDEX image_aliases_unread ON image_aliases (accessed_at) WHERE accessed_at IS NOT NULL;

-- A variant of an image, or of a part of an item of the catalog.
CREATE TABLE image_variants (
    variant_id    uuid PRIMARY KEY,
    image_id      uuid REFERENCES images ON DELETE CASCADE,
    object_key    text COLLATE "C" REFERENCES media_objects ON DELETE CASCADE,
    -- The canonical key of its operations, with the extension.
    variant       text COLLATE "C" NOT NULL CHECK (octet_length(variant) BETWEEN 1 AND 1000),
    blob_id       uuid NOT NULL UNIQUE REFERENCES image_blobs,
    size          bigint NOT NULL CHECK (size > 0),
    details       jsonb NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    accessed_at   timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(image_id, object_key) = 1)
);
CREATE UNIQUE INDEX image_variants_image ON image_variants (image_id, variant) WHERE image_id IS NOT NULL;
CREATE UNIQUE INDEX image_variants_object ON image_variants (object_key, variant) WHERE object_key IS NOT NULL;
CREATE INDEX image_variants_unread ON image_variants (accessed_at);

-- Bytes that arrived and are not yet an image, and what became of them.
CREATE TABLE image_uploads (
    upload_id     uuid PRIMARY KEY,
    owner         text COLLATE "C",
    -- The file with the bytes, which the upload holds until it ends.
    file_id       uuid,
    -- The address to fetch the bytes from, when nobody sent them.
    url           text,
    -- Limits and wishes of the request, as JSON.
    request       jsonb NOT NULL DEFAULT '{}',
    state         text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'done', 'failed', 'claimed')),
    -- What the claim answers: the alias, or a code and a sentence.
    result        jsonb,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL
);
CREATE INDEX image_uploads_expiry ON image_uploads (expires_at);

-- Proxied addresses and the aliases that hold their content.
CREATE TABLE image_proxies (
    -- The SHA-256 of the address, because addresses are longer than an index entry may be.
    url_sha256    bytea PRIMARY KEY CHECK (octet_length(url_sha256) = 32),
    url           text NOT NULL,
    alias         text COLLATE "C" NOT NULL UNIQUE REFERENCES image_aliases ON DELETE CASCADE,
    etag          text,
    fetched_at    timestamptz NOT NULL DEFAULT now(),
    fresh_until   timestamptz NOT NULL
);

CREATE TABLE image_settings (
    key    text COLLATE "C" PRIMARY KEY,
    value  text NOT NULL
);

-- The deletion of an owner releases the bytes of its blobs in the same transaction.
CREATE FUNCTION release_image_blob() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION release_blob_content() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER images_release_blobs AFTER DELETE OR UPDATE OF blob_id, motion_blob_id ON images
    FOR EACH ROW EXECUTE FUNCTION release_image_blob();
CREATE TRIGGER image_variants_release_blob AFTER DELETE OR UPDATE OF blob_id ON image_variants
    FOR EACH ROW EXECUTE FUNCTION release_image_blob();
CREATE TRIGGER image_blobs_release_content AFTER DELETE OR UPDATE OF file_id, object_key ON image_blobs
    FOR EACH ROW EXECUTE FUNCTION release_blob_content();
