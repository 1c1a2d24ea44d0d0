-- The catalog of media: items, the parts of their content, and the objects in the object store that hold it.

CREATE TABLE media (
    media_id        uuid PRIMARY KEY,
    owner           text COLLATE "C" NOT NULL CHECK (char_length(owner) BETWEEN 1 AND 78),
    kind            text COLLATE "C" NOT NULL,
    -- The numbers of MediaStatus: 1 pending, 2 uploaded, 3 ready, 4 processing, 5 failed.
    status          smallint NOT NULL CHECK (status BETWEEN 1 AND 5),
    is_public       boolean NOT NULL DEFAULT false,
    is_unlisted     boolean NOT NULL DEFAULT false,
    is_temporary    boolean NOT NULL DEFAULT false,
    is_direct_only  boolean NOT NULL DEFAULT false,
    is_immutable    boolean NOT NULL DEFAULT false,
    name            text COLLATE "C" NOT NULL,
    -- Trimmed, lower-cased and in NFKC, for comparisons and the order by name.
    normal_name     text COLLATE "C" NOT NULL,
    alias           text COLLATE "C" CHECK (char_length(alias) BETWEEN 1 AND 50),
    description     text COLLATE "C",
    website         text COLLATE "C",
    tags            text[] COLLATE "C" NOT NULL DEFAULT '{}',
    categories      text[] COLLATE "C" NOT NULL DEFAULT '{}',
    capabilities    text[] COLLATE "C" NOT NULL DEFAULT '{}',
    -- An object whose names begin with c_ and whose values are strings and numbers.
    custom          jsonb NOT NULL DEFAULT '{}',
    -- The settings of a player, an object that the platform does not read.
    player          jsonb,
    width           integer,
    height          integer,
    -- The sum of the parts.
    size            bigint NOT NULL CHECK (size >= 0),
    part_count      integer NOT NULL CHECK (part_count > 0),
    -- The item that this one was cloned from; it may be gone.
    parent_id       uuid,
    referenced      uuid[] NOT NULL DEFAULT '{}',
    -- What processing found in the content.
    details         jsonb,
    -- A change to apply after processing.
    deferred        jsonb,
    -- The last failure of processing, and the number of failures since the last success.
    error_code      text,
    error           text,
    error_count     integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    -- When the last part was verified.
    uploaded_at     timestamptz,
    ready_at        timestamptz,
    -- When a pending or temporary item is removed.
    expires_at      timestamptz,
    -- When the item was moved to the trash; NULL for one that is not in it.
    removed_at      timestamptz,
    -- Grows by one with each change; keep_media_version() sets it.
    version         bigint NOT NULL DEFAULT 1
);

-- The alias of an item in the trash is free.
CREATE UNIQUE INDEX media_alias ON media (owner, alias) WHERE alias IS NOT NULL AND removed_at IS NULL;
CREATE INDEX media_expiry ON media (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX media_trash ON media (removed_at) WHERE removed_at IS NOT NULL;
CREATE INDEX media_referenced ON media USING gin (referenced) WHERE referenced <> '{}';

-- Objects in the object store. Clones share them.
CREATE TABLE media_objects (
    object_key        text COLLATE "C" PRIMARY KEY,
    content_type      text NOT NULL,
    size              bigint NOT NULL CHECK (size >= 0),
    sha256            bytea NOT NULL CHECK (octet_length(sha256) = 32),
    state             text COLLATE "C" NOT NULL CHECK (state IN ('pending', 'verifying', 'stored')),
    -- As the store told it when the object was verified.
    etag              text,
    -- The store's id of the multipart upload, for large parts.
    multipart_id      text,
    -- When the last address that allows an upload ends.
    upload_until      timestamptz,
    stored_at         timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE media_parts (
    media_id      uuid NOT NULL REFERENCES media ON DELETE CASCADE,
    part_number   integer NOT NULL CHECK (part_number > 0),
    -- The role of the part in its item, a name of the application's.
    type          text COLLATE "C" NOT NULL,
    object_key    text COLLATE "C" NOT NULL REFERENCES media_objects,
    PRIMARY KEY (media_id, part_number)
);
CREATE INDEX media_parts_object ON media_parts (object_key);

-- Objects that nothing refers to, to be deleted from the store. An upload that is still allowed may put one back until `upload_until`.
CREATE TABLE media_object_deletions (
    object_key    text COLLATE "C" PRIMARY KEY,
    multipart_id  text,
    upload_until  timestamptz,
    due_at        timestamptz NOT NULL DEFAULT now(),
    attempts      integer NOT NULL DEFAULT 0,
    error         text
);
CREATE INDEX media_object_deletions_due ON media_object_deletions (due_at);

CREATE FUNCTION keep_media_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER media_keeps_version BEFORE UPDATE ON media FOR EACH ROW EXECUTE FUNCTION keep_media_version();

CREATE FUNCTION release_media_object() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER media_parts_release_object AFTER DELETE OR UPDATE OF object_key ON media_parts
    FOR EACH ROW EXECUTE FUNCTION release_media_object();
