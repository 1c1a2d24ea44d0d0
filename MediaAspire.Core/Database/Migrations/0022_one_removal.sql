-- remove_versions() has taken the place of this.
DROP FUNCTION IF EXISTS remove_version(uuid, text, uuid);

DELETE FROM schema_functions WHERE name = 'remove_version';
