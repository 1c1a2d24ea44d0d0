-- Admits a chunk that is on its servers' disks into the caller's transaction, or fails with SQLSTATE MA001. The sweep records an unknown
-- chunk in untracked_chunks before it deletes it, and then takes the same lock exclusively (bar_unknown_chunks). A transaction admitted
-- after that sees the row, or that of swept_chunks which takes its place; one admitted before has ended, and the sweep sees its rows.
CREATE OR REPLACE FUNCTION admit_chunk(admitted uuid, servers uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7233541906214485);
    IF EXISTS (SELECT FROM untracked_chunks WHERE chunk_id = admitted) OR EXISTS (SELECT FROM swept_chunks WHERE chunk_id = admitted) THEN
        RAISE EXCEPTION 'chunk % waited too long and is being swept', admitted USING ERRCODE = 'MA001';
    END IF;
    -- Locked before they are read: this waits for a removal under way, and later removals wait until the copies' rows are committed.
    IF EXISTS (
        WITH locked AS MATERIALIZED (SELECT status FROM storage_servers WHERE server_id = ANY (servers) FOR KEY SHARE)
        SELECT FROM locked WHERE status = 'removed')
    THEN
        RAISE EXCEPTION 'a server of chunk % was removed', admitted USING ERRCODE = 'MA001';
    END IF;
END
$$;
