-- Records a complete file of one chunk that is on its servers' disks: `stored` are the servers that have it, `failed` those that did not
-- acknowledge it. A server that failed may still hold a sealed copy: its row says where to look. Fails as admit_chunk() does.
CREATE OR REPLACE FUNCTION store_short_file(
    file uuid, name text, type text, wanted_copies integer, first_holders integer, sha256 bytea, size bigint,
    chunk uuid, chunk_sha256 bytea, first_choice uuid, stored uuid[], failed uuid[])
RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    server uuid;
BEGIN
    PERFORM admit_chunk(chunk, stored);
    INSERT INTO files (file_id, filename, content_type, upload_status, copies, holders, total_size, checksum, completed_at)
    VALUES (file, name, type, 'completed', wanted_copies, first_holders, size, sha256, now());
    INSERT INTO chunks (chunk_id, file_id, chunk_number, chunk_offset, storage_server_id, chunk_size, chunk_hash)
    VALUES (chunk, file, 0, 0, first_choice, size, chunk_sha256);
    FOREACH server IN ARRAY stored LOOP
        INSERT INTO chunk_replicas (chunk_id, server_id, status) VALUES (chunk, server, 'stored');
    END LOOP;
    FOREACH server IN ARRAY failed LOOP
        INSERT INTO chunk_replicas (chunk_id, server_id, status) VALUES (chunk, server, 'failed');
    END LOOP;
    RETURN now();
END
$$;
