-- Serialises the transactions that set and remove quotas, not those that are charged to them.
CREATE OR REPLACE FUNCTION lock_quotas() RETURNS void LANGUAGE sql VOLATILE AS $$ SELECT pg_advisory_xact_lock(7233541906214486) $$;
