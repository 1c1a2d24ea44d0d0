-- Files of one run of bytes are written down once, in the transaction that makes them visible: their chunk is on its servers before any row
-- knows it. Two others must not come in between: the sweep that takes unknown chunks off the disks, and an operator who removes a server.

-- Admits a chunk that is on its servers' disks into the caller's transaction, or fails with SQLSTATE MA001. Before an unknown chunk is
-- deleted it stands in untracked_chunks, and whoever deletes it has taken the same lock alone since (bar_unknown_chunks): a transaction that
-- is admitted later sees the row, and one that was admitted before has ended, and its own rows are seen.
CREATE FUNCTION admit_chunk(admitted uuid, servers uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7233541906214485);
    IF EXISTS (SELECT FROM untracked_chunks WHERE chunk_id = admitted) THEN
        RAISE EXCEPTION 'chunk % waited too long and is being swept', admitted USING ERRCODE = 'MA001';
    END IF;
    -- Locked before they are looked at: a removal that is under way is waited for, and later ones wait until the copies' rows stand.
    IF EXISTS (
        WITH locked AS MATERIALIZED (SELECT status FROM storage_servers WHERE server_id = ANY (servers) FOR KEY SHARE)
        SELECT FROM locked WHERE status = 'removed')
    THEN
        RAISE EXCEPTION 'a server of chunk % was removed', admitted USING ERRCODE = 'MA001';
    END IF;
END
$$;

-- Waits for every transaction that has admitted a chunk; later ones are not admitted with what stands in untracked_chunks now.
CREATE FUNCTION bar_unknown_chunks() RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT pg_advisory_xact_lock(7233541906214485)
$$;

CREATE INDEX untracked_chunks_chunk ON untracked_chunks (chunk_id);

-- As before, but for a key's first version, which is the latest from the start, there is nothing to do.
CREATE OR REPLACE FUNCTION settle_object(bucket uuid, object_key text, settled uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    new_version objects%ROWTYPE;
    replaced uuid[];
BEGIN
    SELECT * INTO new_version FROM objects WHERE version_id = settled;
    IF NOT FOUND OR new_version.is_latest THEN
        RETURN;
    END IF;
    IF new_version.is_null THEN
        SELECT array_agg(o.version_id) INTO replaced FROM objects o
        WHERE o.bucket_id = bucket AND o.key = object_key AND o.is_null AND o.version_id <> settled;
        IF replaced IS NOT NULL THEN
            PERFORM remove_versions(replaced);
        END IF;
    END IF;
    UPDATE objects SET is_latest = false WHERE bucket_id = bucket AND key = object_key AND is_latest;
    UPDATE objects SET is_latest = true WHERE version_id = settled;
END
$$;
