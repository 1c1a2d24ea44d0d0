-- Makes a file a part of an upload, in the place of the part that had its number. Fails with SQLSTATE MA002 when the upload was completed
-- or aborted, so that the statements sent with this one are undone. Fails as charge_quotas() does.
CREATE OR REPLACE FUNCTION put_part(upload uuid, number integer, file uuid, bytes bigint, tag text, sum text)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    bucket uuid;
    replaced uuid;
    replaced_bytes bigint;
BEGIN
    -- Before the parts and their files, as the end of the upload locks them.
    SELECT u.bucket_id INTO bucket FROM multipart_uploads u WHERE u.upload_id = upload AND u.completed_at IS NULL FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'upload % does not exist any more', upload USING ERRCODE = 'MA002', CONSTRAINT = 'no-such-upload';
    END IF;
    PERFORM lock_object(upload, number::text);
    DELETE FROM multipart_parts p WHERE p.upload_id = upload AND p.part_number = number
    RETURNING p.file_id, p.size INTO replaced, replaced_bytes;
    IF FOUND THEN
        PERFORM release_files(ARRAY[replaced]);
    END IF;
    INSERT INTO multipart_parts (upload_id, part_number, file_id, size, etag, checksum) VALUES (upload, number, file, bytes, tag, sum);
    PERFORM charge_bucket(bucket, bytes - coalesce(replaced_bytes, 0), 0);
END
$$;
