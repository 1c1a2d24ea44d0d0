-- Adds to the usage of an owner when it has a quota, see charge_quotas(). Fails with SQLSTATE MA004 for an unknown owner.
CREATE OR REPLACE FUNCTION charge_owner(
    charged text, bytes bigint, objects bigint, freed_bytes bigint DEFAULT 0, freed_objects bigint DEFAULT 0)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    is_limited boolean := is_limited_owner(charged);
BEGIN
    IF is_limited THEN
        PERFORM charge_quotas(NULL, charged, bytes, objects, freed_bytes, freed_objects);
    ELSIF is_limited IS NULL THEN
        RAISE EXCEPTION 'owner % does not exist', charged USING ERRCODE = 'MA004';
    END IF;
END
$$;
