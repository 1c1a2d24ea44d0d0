-- Records a complete file of one chunk that is on its servers' disks, see record_copies(). Fails as admit_chunk() does,
-- and for a file with an owner as charge_owner() does.
CREATE OR REPLACE FUNCTION store_short_file(
    file uuid, name text, type text, wanted_copies integer, first_holders integer, sha256 bytea, size bigint,
    chunk uuid, chunk_sha256 bytea, first_choice uuid, stored uuid[], failed uuid[],
    owner text)
RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM admit_chunk(chunk, stored);
    INSERT INTO files (file_id, filename, content_type, upload_status, copies, holders, total_size, checksum, completed_at,
        owner_id)
    VALUES (file, name, type, 'completed', wanted_copies, first_holders, size, sha256, now(), owner);
    INSERT INTO chunks (chunk_id, file_id, chunk_number, chunk_offset, storage_server_id, chunk_size, chunk_hash)
    VALUES (chunk, file, 0, 0, first_choice, size, chunk_sha256);
    PERFORM record_copies(chunk, stored, failed);
    IF owner IS NOT NULL THEN
        PERFORM charge_owner(owner, size, 1);
    END IF;
    RETURN now();
END
$$;
