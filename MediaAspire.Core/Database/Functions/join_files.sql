-- Makes one file of several held ones, without touching their bytes: their chunks become chunks of the new file, in the order of the list,
-- and the rows of the held files are deleted. Returns false, and changes nothing, when a file has another holder or was deleted. A file
-- without holders counts to its owner as charge_owner() does.
CREATE OR REPLACE FUNCTION join_files(
    file uuid, name text, type text, wanted_copies integer, first_holders integer, of_owner text, sha256 bytea, joined uuid[])
RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    found bigint;
    size bigint;
BEGIN
    -- In the order of hold_files() and release_files().
    PERFORM FROM files f WHERE f.file_id = ANY (joined) ORDER BY f.file_id FOR UPDATE;
    SELECT count(*), coalesce(sum(f.total_size), 0) INTO found, size FROM files f
    WHERE f.file_id = ANY (joined) AND f.upload_status = 'completed' AND f.holders = 1;
    IF found <> cardinality(joined) THEN
        RETURN false;
    END IF;
    INSERT INTO files (file_id, filename, content_type, upload_status, copies, holders, total_size, checksum, completed_at, owner_id)
    SELECT file, name, type, 'completed', coalesce(max(f.copies), wanted_copies), first_holders, size, sha256, now(), of_owner
    FROM files f WHERE f.file_id = ANY (joined);
    UPDATE chunks c SET file_id = file, chunk_number = placed.number, chunk_offset = placed.start
    FROM (
        SELECT c.chunk_id, row_number() OVER (ORDER BY j.place, c.chunk_number) - 1 AS number, j.start + c.chunk_offset AS start
        FROM (
            SELECT l.id, l.place, sum(f.total_size) OVER (ORDER BY l.place) - f.total_size AS start
            FROM unnest(joined) WITH ORDINALITY AS l (id, place) JOIN files f ON f.file_id = l.id) AS j
        JOIN chunks c ON c.file_id = j.id) AS placed
    WHERE c.chunk_id = placed.chunk_id;
    DELETE FROM files f WHERE f.file_id = ANY (joined);
    RETURN true;
END
$$;
