-- Nobody can be heard of while the database is down: silence is counted from here at the earliest.
CREATE FUNCTION serving_since() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    AS 'SELECT pg_postmaster_start_time()';
