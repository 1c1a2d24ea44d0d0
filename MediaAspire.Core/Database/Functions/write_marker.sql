-- Writes a delete marker as the latest version of a key. Returns as write_version() does.
CREATE OR REPLACE FUNCTION write_marker(
    bucket uuid, object_key text, marker uuid, owner text, event text DEFAULT 's3:ObjectRemoved:DeleteMarkerCreated')
RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT write_version(
        bucket, NULL, object_key, marker, is_marker => true, bytes => 0, tag => '', file => NULL, parts => NULL,
        if_match => NULL, if_none_match => NULL,
        owner => owner, type => '', kept_headers => NULL, user_metadata => NULL, object_tags => NULL, list => NULL, class => 'STANDARD',
        sum_algorithm => NULL, sum_type => NULL, sum => NULL, mode => NULL, until => NULL, hold => NULL, event => event)
$$;
