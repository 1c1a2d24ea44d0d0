-- Tells whether a lock forbids to delete a version now. The caller decides whether its client may bypass governance mode.
CREATE OR REPLACE FUNCTION is_held(lock_mode text, retain_until timestamptz, legal_hold boolean, bypasses boolean)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(legal_hold, false) OR (coalesce(retain_until > now(), false) AND NOT (lock_mode = 'GOVERNANCE' AND bypasses))
$$;
