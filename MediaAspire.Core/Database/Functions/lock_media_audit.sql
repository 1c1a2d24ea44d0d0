-- Waits until no other transaction audits media_usage. Its own statement, because the audit's snapshot has to be younger than the lock.
CREATE OR REPLACE FUNCTION lock_media_audit() RETURNS void LANGUAGE sql VOLATILE
AS $$ SELECT pg_advisory_xact_lock(7233541906214487) $$;
