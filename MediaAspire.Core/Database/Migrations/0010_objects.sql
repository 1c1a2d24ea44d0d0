-- Buckets, the versions of the objects in them, and multipart uploads.

-- How many object versions and parts hold the file: copies of an object share it. NULL for a file that stands for itself.
-- There is no foreign key from its holders: it would need an index over every object, only to delete a file.
ALTER TABLE files ADD COLUMN holders integer CHECK (holders >= 0);

CREATE TABLE buckets (
    bucket_id   uuid PRIMARY KEY,
    name        text COLLATE "C" NOT NULL UNIQUE CHECK (octet_length(name) BETWEEN 3 AND 63),
    owner_id    text NOT NULL,
    region      text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    versioning  text NOT NULL DEFAULT 'off' CHECK (versioning IN ('off', 'enabled', 'suspended')),
    -- Documents of the features that own them; NULL where nothing was set.
    acl                  json,
    ownership            text,
    public_access_block  json,
    policy               json,
    cors                 json,
    tags                 json,
    lifecycle            json
);

CREATE INDEX buckets_owner ON buckets (owner_id, name);

-- Every version of every key.
CREATE TABLE objects (
    version_id        uuid PRIMARY KEY,
    bucket_id         uuid NOT NULL REFERENCES buckets,
    -- Compared byte by byte, which is the order of listings.
    key               text COLLATE "C" NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 1024),
    -- Orders the versions of a key. Given out under the key's lock, so a later commit has a higher one.
    position          bigint GENERATED ALWAYS AS IDENTITY,
    is_latest         boolean NOT NULL,
    -- The version that is called "null": the only one of a bucket that never had versioning.
    is_null           boolean NOT NULL,
    is_delete_marker  boolean NOT NULL DEFAULT false,
    owner_id          text NOT NULL,
    modified_at       timestamptz NOT NULL DEFAULT now(),
    size              bigint NOT NULL DEFAULT 0 CHECK (size >= 0),
    -- Without quotes.
    etag              text NOT NULL DEFAULT '',
    content_type      text NOT NULL DEFAULT '',
    -- Content-Encoding, Cache-Control and the like, and the user's x-amz-meta-*, as they came.
    headers           json,
    metadata          json,
    tags              jsonb,
    acl               json,
    storage_class     text NOT NULL DEFAULT 'STANDARD',
    checksum_algorithm text,
    checksum_type      text,
    checksum           text,
    -- The bytes: one file, or the files of its parts.
    file_id           uuid,
    part_count        integer
);

-- All versions of a key, the newest first.
CREATE UNIQUE INDEX objects_key ON objects (bucket_id, key, position DESC);
-- What a listing shows.
CREATE UNIQUE INDEX objects_current ON objects (bucket_id, key) WHERE is_latest AND NOT is_delete_marker;

CREATE TABLE object_parts (
    version_id   uuid NOT NULL REFERENCES objects ON DELETE CASCADE,
    part_number  integer NOT NULL,
    -- Position of the part's first byte in the object.
    part_offset  bigint NOT NULL CHECK (part_offset >= 0),
    size         bigint NOT NULL CHECK (size >= 0),
    checksum     text,
    file_id      uuid NOT NULL,
    PRIMARY KEY (version_id, part_number)
);

CREATE TABLE multipart_uploads (
    upload_id     uuid PRIMARY KEY,
    bucket_id     uuid NOT NULL REFERENCES buckets,
    key           text COLLATE "C" NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 1024),
    owner_id      text NOT NULL,
    initiator_id  text NOT NULL,
    initiated_at  timestamptz NOT NULL DEFAULT now(),
    content_type  text NOT NULL,
    headers       json,
    metadata      json,
    tags          jsonb,
    acl           json,
    storage_class text NOT NULL DEFAULT 'STANDARD',
    checksum_algorithm text,
    checksum_type      text,
    -- Set by the transaction that made the object: whoever completes the upload again is answered the same.
    completed_version  uuid,
    completed_at       timestamptz
);

CREATE INDEX multipart_uploads_key ON multipart_uploads (bucket_id, key, upload_id);

CREATE TABLE multipart_parts (
    upload_id    uuid NOT NULL REFERENCES multipart_uploads ON DELETE CASCADE,
    part_number  integer NOT NULL CHECK (part_number BETWEEN 1 AND 10000),
    file_id      uuid NOT NULL,
    size         bigint NOT NULL CHECK (size >= 0),
    etag         text NOT NULL,
    checksum     text,
    modified_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (upload_id, part_number)
);

-- Serialises the writers of one key until the end of the transaction.
CREATE FUNCTION lock_object(bucket uuid, object_key text) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(bucket::text || object_key, 0))
$$;

-- Takes one holder from each file; a file without holders is deleted like any other, and its bytes are collected later.
-- The files' rows are locked in one order, so that nobody waits for another in a ring.
CREATE FUNCTION release_files(released uuid[]) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT FROM files WHERE file_id = ANY (released) ORDER BY file_id FOR NO KEY UPDATE;
    UPDATE files f
    SET holders = f.holders - r.times,
        upload_status = CASE WHEN f.holders <= r.times THEN 'deleted' ELSE f.upload_status END,
        deleted_at = CASE WHEN f.holders <= r.times THEN now() ELSE f.deleted_at END
    FROM (SELECT id, count(*) AS times FROM unnest(released) AS id GROUP BY id) AS r
    WHERE f.file_id = r.id AND f.upload_status = 'completed'
$$;

-- Removes versions for good and releases their files.
CREATE FUNCTION remove_versions(removed uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    released uuid[];
BEGIN
    SELECT array_agg(file_id) INTO released FROM (
        SELECT file_id FROM objects WHERE version_id = ANY (removed) AND file_id IS NOT NULL
        UNION ALL
        SELECT file_id FROM object_parts WHERE version_id = ANY (removed)) AS held;
    DELETE FROM objects WHERE version_id = ANY (removed);
    IF released IS NOT NULL THEN
        PERFORM release_files(released);
    END IF;
END
$$;

-- Makes a version that was just inserted the latest of its key. A new null version takes the place of the old one.
-- The caller holds the key's lock.
CREATE FUNCTION settle_object(bucket uuid, object_key text, settled uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    replaced uuid[];
BEGIN
    SELECT array_agg(o.version_id) INTO replaced FROM objects o
    WHERE o.bucket_id = bucket AND o.key = object_key AND o.is_null AND o.version_id <> settled
      AND (SELECT n.is_null FROM objects n WHERE n.version_id = settled);
    IF replaced IS NOT NULL THEN
        PERFORM remove_versions(replaced);
    END IF;
    UPDATE objects SET is_latest = false WHERE bucket_id = bucket AND key = object_key AND is_latest AND version_id <> settled;
    UPDATE objects SET is_latest = true WHERE version_id = settled;
END
$$;

-- Removes one version of a key; the newest that is left becomes the latest. The caller holds the key's lock.
CREATE FUNCTION remove_version(bucket uuid, object_key text, removed uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM remove_versions(ARRAY[removed]);
    UPDATE objects SET is_latest = true
    WHERE NOT is_latest AND version_id = (
        SELECT version_id FROM objects WHERE bucket_id = bucket AND key = object_key ORDER BY position DESC LIMIT 1);
END
$$;
