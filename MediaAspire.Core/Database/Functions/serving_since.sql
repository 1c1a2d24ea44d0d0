-- Returns the start of the database server. A server's silence counts from here at the earliest: while the database is down, no
-- heartbeat can arrive.
CREATE OR REPLACE FUNCTION serving_since() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT pg_postmaster_start_time()
$$;
