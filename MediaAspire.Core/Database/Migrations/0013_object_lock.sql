-- Object lock: versions that nobody may delete until a time, or until a hold is lifted.

-- Whether a bucket's versions can be locked, and what they get unless a writer says otherwise: {} or {"mode": ..., "days" or "years": ...}.
-- Locks are on versions, so versions have to be kept for good.
ALTER TABLE buckets
    ADD COLUMN object_lock json,
    ADD CHECK (object_lock IS NULL OR versioning = 'enabled');

ALTER TABLE objects
    ADD COLUMN lock_mode text CHECK (lock_mode IN ('GOVERNANCE', 'COMPLIANCE')),
    -- Whole milliseconds, which is what clients are shown.
    ADD COLUMN retain_until timestamptz,
    -- NULL where it was never set, which clients are told apart from a hold that was lifted.
    ADD COLUMN legal_hold boolean,
    ADD CHECK ((lock_mode IS NULL) = (retain_until IS NULL)),
    ADD CHECK (NOT is_delete_marker OR (lock_mode IS NULL AND legal_hold IS NULL));

-- What the object will be locked by once its parts are complete.
ALTER TABLE multipart_uploads
    ADD COLUMN lock_mode text CHECK (lock_mode IN ('GOVERNANCE', 'COMPLIANCE')),
    ADD COLUMN retain_until timestamptz,
    ADD COLUMN legal_hold boolean,
    ADD CHECK ((lock_mode IS NULL) = (retain_until IS NULL));

-- For operators who ask why a bucket can't be emptied.
CREATE INDEX objects_locked ON objects (bucket_id, version_id) WHERE lock_mode IS NOT NULL OR legal_hold;

-- Whether a version must not be deleted now. Who may bypass governance mode is told apart by the caller.
CREATE FUNCTION is_held(lock_mode text, retain_until timestamptz, legal_hold boolean, bypasses boolean) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(legal_hold, false) OR (coalesce(retain_until > now(), false) AND NOT (lock_mode = 'GOVERNANCE' AND bypasses))
$$;

-- Until when a version that is written now is kept by its bucket's default; NULL where there is none. By the calendar of UTC, rounded up to
-- the millisecond.
CREATE FUNCTION default_retention(object_lock json) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT (date_trunc('milliseconds', now() AT TIME ZONE 'UTC') + interval '1 millisecond'
        + make_interval(years => coalesce((object_lock ->> 'years')::integer, 0), days => coalesce((object_lock ->> 'days')::integer, 0)))
        AT TIME ZONE 'UTC'
    WHERE object_lock ->> 'mode' IS NOT NULL
$$;

-- Sets how long a version is kept, or takes that away with NULLs. What holds now can be made longer; only who bypasses governance mode can
-- make it less, and compliance mode nobody. The row's lock makes this and a deletion of the version take turns.
CREATE FUNCTION set_retention(version uuid, new_mode text, new_until timestamptz, bypasses boolean) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    held record;
BEGIN
    SELECT o.lock_mode, o.retain_until INTO held FROM objects o WHERE o.version_id = version AND NOT o.is_delete_marker FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'missing';
    END IF;
    IF new_until <= now() THEN
        RETURN 'past';
    END IF;
    IF is_held(held.lock_mode, held.retain_until, false, bypasses)
       AND (new_mode IS DISTINCT FROM held.lock_mode OR new_until < held.retain_until) THEN
        RETURN 'held';
    END IF;
    UPDATE objects SET lock_mode = new_mode, retain_until = new_until WHERE version_id = version;
    RETURN 'set';
END
$$;

-- Whatever statement comes to delete a version or to shorten its retention: what nobody may do fails here.
CREATE FUNCTION refuse_unlocking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Version % of % is locked.', OLD.version_id, OLD.key USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER objects_keep_locked BEFORE DELETE ON objects FOR EACH ROW
    WHEN (OLD.legal_hold OR (OLD.lock_mode = 'COMPLIANCE' AND OLD.retain_until > now()))
    EXECUTE FUNCTION refuse_unlocking();

CREATE TRIGGER objects_keep_retention BEFORE UPDATE OF lock_mode, retain_until ON objects FOR EACH ROW
    WHEN (OLD.lock_mode = 'COMPLIANCE' AND OLD.retain_until > now()
        AND (NEW.lock_mode IS DISTINCT FROM 'COMPLIANCE' OR NEW.retain_until < OLD.retain_until))
    EXECUTE FUNCTION refuse_unlocking();

-- The old one is gone, so that a process of an older build fails rather than deletes what is held.
DROP FUNCTION delete_objects(uuid, text, text[], uuid[], boolean[], text[], bigint[], timestamptz[], uuid[]);

-- As before, but an entry whose version is held is left alone, and told of; bypasses says for each whether governance mode does not hold it.
-- And a key that has nothing gets no marker where conditions were asked of it.
-- Deletes many objects or versions, one entry after the other as if each came by itself, and tells of each whether its conditions failed and
-- which delete marker it made or removed. An entry without version and not for the null version deletes as the bucket's versioning has it;
-- markers are the ids for markers to be made. All locks are taken first and in one order, the keys' before the files', so that two of these
-- never wait for each other in a ring. Returns no row when the bucket is gone.
CREATE FUNCTION delete_objects(
    bucket uuid, owner text, keys text[], versions uuid[], nulls boolean[], etags text[], sizes bigint[], times timestamptz[], bypasses boolean[],
    markers uuid[])
RETURNS TABLE (place integer, is_failed boolean, is_locked boolean, marker uuid, is_null_marker boolean) LANGUAGE plpgsql VOLATILE AS $$
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
            WHERE o.version_id = versions[n] AND o.bucket_id = bucket AND o.key = keys[n] AND NOT o.is_null FOR UPDATE;
        ELSIF nulls[n] THEN
            SELECT o.* INTO target FROM objects o WHERE o.bucket_id = bucket AND o.key = keys[n] AND o.is_null FOR UPDATE;
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
            OR coalesce(sizes[n] <> target.size, false)
            OR coalesce(times[n] <> date_trunc('second', target.modified_at), false));
        is_locked := false;
        IF NOT is_failed AND (versions[n] IS NOT NULL OR nulls[n] OR state = 'off') THEN
            is_locked := is_found AND is_held(target.lock_mode, target.retain_until, target.legal_hold, bypasses[n]);
            IF is_found AND NOT is_locked THEN
                IF target.is_delete_marker THEN
                    marker := target.version_id;
                    is_null_marker := target.is_null;
                END IF;
                PERFORM remove_version(bucket, keys[n], target.version_id);
            END IF;
        ELSIF NOT is_failed AND (is_found OR coalesce(etags[n], sizes[n]::text, times[n]::text) IS NULL) THEN
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
