-- Serialises the writers of one key until the end of the transaction.
CREATE OR REPLACE FUNCTION lock_object(bucket uuid, object_key text) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(bucket::text || object_key, 0))
$$;
