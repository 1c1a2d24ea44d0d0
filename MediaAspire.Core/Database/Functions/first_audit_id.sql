-- Returns the least UUID of version 7 that an event of a day may have: 48 bits of milliseconds, and zeros.
CREATE OR REPLACE FUNCTION first_audit_id(day date) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex(((day - date '1970-01-01')::bigint * 86400000)), 12, '0') || repeat('0', 20))::uuid
$$;
