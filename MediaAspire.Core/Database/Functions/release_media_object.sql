-- Schedules the deletion of an object in the store when its last part is gone. Trigger function.
CREATE OR REPLACE FUNCTION release_media_object() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    released media_objects%ROWTYPE;
BEGIN
    -- Waits for the clones that other transactions make or delete: the next statement sees what they committed.
    SELECT * INTO released FROM media_objects o WHERE o.object_key = OLD.object_key FOR UPDATE;
    IF NOT EXISTS (SELECT FROM media_parts p WHERE p.object_key = OLD.object_key) THEN
        DELETE FROM media_objects o WHERE o.object_key = OLD.object_key;
        INSERT INTO media_object_deletions (object_key, multipart_id, upload_until)
        VALUES (released.object_key, released.multipart_id, released.upload_until)
        ON CONFLICT (object_key) DO NOTHING;
        PERFORM pg_notify('duty_wanted', 'media-deletions');
    END IF;
    RETURN NULL;
END
$$;
