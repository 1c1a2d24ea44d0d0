-- Records the copies of a chunk that is on its servers' disks: `stored` are the servers that acknowledged it, `failed` those that did not.
-- A server that failed may still hold a sealed copy: its row says where to look.
CREATE OR REPLACE FUNCTION record_copies(chunk uuid, stored uuid[], failed uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    server uuid;
BEGIN
    FOREACH server IN ARRAY stored LOOP
        INSERT INTO chunk_replicas (chunk_id, server_id, status) VALUES (chunk, server, 'stored');
    END LOOP;
    FOREACH server IN ARRAY failed LOOP
        INSERT INTO chunk_replicas (chunk_id, server_id, status) VALUES (chunk, server, 'failed');
    END LOOP;
END
$$;
