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

-- The least text that is greater than every text with the prefix, byte by byte; NULL when there is none. UTF-8 sorts like its code points,
-- which end at U+10FFFF and have a hole where the surrogates are.
CREATE FUNCTION text_after(prefix text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    head text := prefix;
    last integer;
BEGIN
    WHILE head <> '' LOOP
        last := ascii(right(head, 1));
        head := left(head, -1);
        IF last < 1114111 THEN
            RETURN head || chr(CASE last WHEN 55295 THEN 57344 ELSE last + 1 END);
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

-- Greater than every key: 256 of the highest code point make 1,024 bytes.
CREATE FUNCTION after_all_keys() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT repeat(chr(1114111), 257) $$;

-- Lists what readers see of a bucket, in the order of keys: at most so many objects and common prefixes together, behind a key, or behind
-- all keys of a prefix. What a common prefix stands for is jumped over in the index, however much it is; so no plan but one along the
-- index will do, and statistics from when the table was small must not bring another.
CREATE FUNCTION list_objects(bucket uuid, prefix text, delimiter text, after text, after_is_prefix boolean, most integer)
RETURNS TABLE (
    item text, is_prefix boolean, modified_at timestamptz, etag text, size bigint, owner_id text, storage_class text,
    checksum_algorithm text, checksum_type text)
LANGUAGE plpgsql STABLE ROWS 1000 SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
    first_key text COLLATE "C" := greatest(
        prefix COLLATE "C", CASE WHEN after_is_prefix THEN coalesce(text_after(after), after_all_keys()) ELSE after || chr(1) END COLLATE "C");
    bound text COLLATE "C" := coalesce(text_after(prefix), after_all_keys());
    listed CURSOR FOR
        SELECT o.key, o.modified_at, o.etag, o.size, o.owner_id, o.storage_class, o.checksum_algorithm, o.checksum_type
        FROM objects o
        WHERE o.bucket_id = bucket AND o.key >= first_key AND o.key < bound AND o.is_latest AND NOT o.is_delete_marker
        ORDER BY o.key;
    place integer;
    remaining integer := most;
    is_open boolean := false;
BEGIN
    IF delimiter = '' THEN
        RETURN QUERY
            SELECT o.key, false, o.modified_at, o.etag, o.size, o.owner_id, o.storage_class, o.checksum_algorithm, o.checksum_type
            FROM objects o
            WHERE o.bucket_id = bucket AND o.key >= first_key AND o.key < bound AND o.is_latest AND NOT o.is_delete_marker
            ORDER BY o.key LIMIT most;
        RETURN;
    END IF;
    WHILE remaining > 0 LOOP
        IF NOT is_open THEN
            OPEN listed;
            is_open := true;
        END IF;
        FETCH listed INTO item, modified_at, etag, size, owner_id, storage_class, checksum_algorithm, checksum_type;
        EXIT WHEN NOT FOUND;
        place := strpos(substr(item, length(prefix) + 1), delimiter);
        is_prefix := place > 0;
        IF is_prefix THEN
            item := left(item, length(prefix) + place - 1 + length(delimiter));
            CLOSE listed;
            is_open := false;
            first_key := text_after(item);
        END IF;
        RETURN NEXT;
        remaining := remaining - 1;
        EXIT WHEN first_key IS NULL;
    END LOOP;
    IF is_open THEN
        CLOSE listed;
    END IF;
END
$$;

-- The same for all versions, the newest of a key first. A version to go on behind may have been deleted since: then its key begins anew.
CREATE FUNCTION list_object_versions(
    bucket uuid, prefix text, delimiter text, after text, after_is_prefix boolean, after_version uuid, after_null boolean, most integer)
RETURNS TABLE (
    item text, is_prefix boolean, modified_at timestamptz, etag text, size bigint, owner_id text, storage_class text,
    checksum_algorithm text, checksum_type text, version_id uuid, is_null boolean, is_latest boolean, is_delete_marker boolean)
LANGUAGE plpgsql STABLE ROWS 1000 SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
    first_key text COLLATE "C" := greatest(
        prefix COLLATE "C", CASE WHEN after_is_prefix THEN coalesce(text_after(after), after_all_keys()) ELSE after || chr(1) END COLLATE "C");
    bound text COLLATE "C" := coalesce(text_after(prefix), after_all_keys());
    listed CURSOR FOR
        SELECT o.key, o.modified_at, o.etag, o.size, o.owner_id, o.storage_class, o.checksum_algorithm, o.checksum_type,
            o.version_id, o.is_null, o.is_latest, o.is_delete_marker
        FROM objects o
        WHERE o.bucket_id = bucket AND o.key >= first_key AND o.key < bound
        ORDER BY o.key, o.position DESC;
    place integer;
    remaining integer := most;
    is_open boolean := false;
    given integer;
BEGIN
    IF (after_version IS NOT NULL OR after_null) AND starts_with(after, prefix) THEN
        RETURN QUERY
            SELECT o.key, false, o.modified_at, o.etag, o.size, o.owner_id, o.storage_class, o.checksum_algorithm, o.checksum_type,
                o.version_id, o.is_null, o.is_latest, o.is_delete_marker
            FROM objects o
            WHERE o.bucket_id = bucket AND o.key = after AND o.position < coalesce(
                (SELECT v.position FROM objects v
                 WHERE v.bucket_id = bucket AND v.key = after
                   AND CASE WHEN after_null THEN v.is_null ELSE v.version_id = after_version AND NOT v.is_null END),
                9223372036854775807)
            ORDER BY o.key, o.position DESC LIMIT most;
        GET DIAGNOSTICS given = ROW_COUNT;
        remaining := most - given;
    END IF;
    WHILE remaining > 0 LOOP
        IF NOT is_open THEN
            OPEN listed;
            is_open := true;
        END IF;
        FETCH listed INTO item, modified_at, etag, size, owner_id, storage_class, checksum_algorithm, checksum_type,
            version_id, is_null, is_latest, is_delete_marker;
        EXIT WHEN NOT FOUND;
        place := CASE WHEN delimiter = '' THEN 0 ELSE strpos(substr(item, length(prefix) + 1), delimiter) END;
        is_prefix := place > 0;
        IF is_prefix THEN
            item := left(item, length(prefix) + place - 1 + length(delimiter));
            CLOSE listed;
            is_open := false;
            first_key := text_after(item);
        END IF;
        RETURN NEXT;
        remaining := remaining - 1;
        EXIT WHEN first_key IS NULL;
    END LOOP;
    IF is_open THEN
        CLOSE listed;
    END IF;
END
$$;

-- Deletes many objects or versions, one entry after the other as if each came by itself, and tells of each whether its conditions failed and
-- which delete marker it made or removed. An entry without version and not for the null version deletes as the bucket's versioning has it;
-- markers are the ids for markers to be made. All locks are taken first and in one order, the keys' before the files', so that two of these
-- never wait for each other in a ring. Returns no row when the bucket is gone.
CREATE FUNCTION delete_objects(
    bucket uuid, owner text, keys text[], versions uuid[], nulls boolean[], etags text[], sizes bigint[], times timestamptz[], markers uuid[])
RETURNS TABLE (place integer, is_failed boolean, marker uuid, is_null_marker boolean) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    state text;
    target record;
    is_found boolean;
BEGIN
    -- Not by key: different keys may have one lock.
    PERFORM lock_object(bucket, k.key) FROM (
        SELECT DISTINCT u.key, hashtextextended(bucket::text || u.key, 0) AS number FROM unnest(keys) AS u (key) ORDER BY number) AS k;
    SELECT b.versioning INTO state FROM buckets b WHERE b.bucket_id = bucket FOR KEY SHARE;
    IF state IS NULL THEN
        RETURN;
    END IF;
    PERFORM FROM files f WHERE f.file_id = ANY (ARRAY(
        WITH removed AS (
            SELECT o.version_id, o.file_id FROM objects o WHERE o.version_id = ANY (versions) AND o.bucket_id = bucket
            UNION ALL
            SELECT o.version_id, o.file_id FROM objects o
            WHERE o.bucket_id = bucket AND o.key = ANY (keys) AND o.is_null)
        SELECT r.file_id FROM removed r WHERE r.file_id IS NOT NULL
        UNION ALL
        SELECT p.file_id FROM object_parts p JOIN removed r USING (version_id)))
    ORDER BY f.file_id FOR NO KEY UPDATE;

    FOR n IN 1..cardinality(keys) LOOP
        IF versions[n] IS NOT NULL THEN
            SELECT o.* INTO target FROM objects o
            WHERE o.version_id = versions[n] AND o.bucket_id = bucket AND o.key = keys[n] AND NOT o.is_null;
        ELSIF nulls[n] THEN
            SELECT o.* INTO target FROM objects o WHERE o.bucket_id = bucket AND o.key = keys[n] AND o.is_null;
        ELSE
            SELECT o.* INTO target FROM objects o WHERE o.bucket_id = bucket AND o.key = keys[n] AND o.is_latest
            ORDER BY o.position DESC LIMIT 1;
        END IF;
        is_found := FOUND;
        place := n;
        marker := NULL;
        is_null_marker := false;
        is_failed := is_found AND (
            coalesce(etags[n] <> '*' AND etags[n] <> target.etag, false)
            OR coalesce(sizes[n] <> target.size OR times[n] <> date_trunc('second', target.modified_at), false)
            OR (target.is_delete_marker AND (sizes[n] IS NOT NULL OR times[n] IS NOT NULL)));
        IF NOT is_failed AND (versions[n] IS NOT NULL OR nulls[n] OR state = 'off') THEN
            IF is_found THEN
                IF target.is_delete_marker THEN
                    marker := target.version_id;
                    is_null_marker := target.is_null;
                END IF;
                PERFORM remove_version(bucket, keys[n], target.version_id);
            END IF;
        ELSIF NOT is_failed THEN
            INSERT INTO objects (version_id, bucket_id, key, is_null, is_latest, is_delete_marker, owner_id)
            VALUES (markers[n], bucket, keys[n], state <> 'enabled', false, true, owner);
            PERFORM settle_object(bucket, keys[n], markers[n]);
            marker := markers[n];
            is_null_marker := state <> 'enabled';
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
