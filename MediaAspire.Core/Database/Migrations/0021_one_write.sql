-- write_version() has taken the places of these.
DROP FUNCTION IF EXISTS put_object(
    uuid, xid, text, uuid, bigint, text, uuid, text, text, text, text, json, json, jsonb, json, text, text, text, text, text, timestamptz, boolean);
DROP FUNCTION IF EXISTS settle_object(uuid, text, uuid);

DELETE FROM schema_functions WHERE name IN ('put_object', 'settle_object');
