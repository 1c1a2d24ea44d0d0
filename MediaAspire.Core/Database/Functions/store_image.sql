-- Ends an upload with an alias for its content. `new_blob` becomes the original of a new image, or is deleted when the same content is an
-- image already. Notifies the waiting processes by `signal`. Fails with SQLSTATE MA002:
--   not-waiting       the upload has ended already, or is gone
--   duplicate-alias   the alias exists
-- and as charge_owner() does. An image that loses its last alias at the same time is either kept or replaced: its row is locked by both.
CREATE OR REPLACE FUNCTION store_image(
    upload uuid, new_image uuid, new_blob uuid, image_format text, image_details jsonb, new_alias text, is_cached boolean, kept interval,
    signal text)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    waiting record;
    content record;
    stored uuid;
BEGIN
    SELECT u.owner, u.file_id INTO waiting FROM image_uploads u WHERE u.upload_id = upload AND u.state = 'waiting' FOR UPDATE;
    PERFORM require_met(FOUND, 'not-waiting');
    SELECT b.sha256, b.size, b.file_id INTO content FROM image_blobs b WHERE b.blob_id = new_blob;
    LOOP
        INSERT INTO images AS i (image_id, sha256, size, format, blob_id, details)
        VALUES (new_image, content.sha256, content.size, image_format, new_blob, image_details)
        ON CONFLICT (sha256, size, format) DO NOTHING RETURNING i.image_id INTO stored;
        EXIT WHEN FOUND;
        SELECT i.image_id INTO stored FROM images i
        WHERE i.sha256 = content.sha256 AND i.size = content.size AND i.format = image_format FOR KEY SHARE;
        IF FOUND THEN
            DELETE FROM image_blobs WHERE blob_id = new_blob;
            EXIT;
        END IF;
        -- The image was deleted between the two statements.
    END LOOP;
    IF waiting.file_id IS DISTINCT FROM content.file_id AND waiting.file_id IS NOT NULL THEN
        PERFORM release_files(ARRAY[waiting.file_id]);
    END IF;
    UPDATE image_uploads SET state = 'done', file_id = NULL, result = jsonb_build_object('alias', new_alias), expires_at = now() + kept
    WHERE upload_id = upload;
    -- Nobody knows this token; the claim of the upload replaces it.
    INSERT INTO image_aliases (alias, image_id, delete_token, owner, size, accessed_at)
    VALUES (new_alias, stored, sha256(convert_to(gen_random_uuid()::text, 'UTF8')), waiting.owner, content.size,
        CASE WHEN is_cached THEN now() END)
    ON CONFLICT (alias) DO NOTHING;
    PERFORM require_met(FOUND, 'duplicate-alias');
    PERFORM pg_notify('image_work', signal);
END
$$;
