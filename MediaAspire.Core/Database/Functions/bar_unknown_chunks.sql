-- Waits for every transaction that has admitted a chunk. Later ones see the rows that are in untracked_chunks now, and are refused.
CREATE OR REPLACE FUNCTION bar_unknown_chunks() RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT pg_advisory_xact_lock(7233541906214485)
$$;
