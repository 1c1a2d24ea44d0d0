-- Releases the file, or schedules the deletion of the object, that a blob does not have any more. Trigger function.
CREATE OR REPLACE FUNCTION release_blob_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.file_id IS NOT NULL AND (TG_OP = 'DELETE' OR NEW.file_id IS DISTINCT FROM OLD.file_id) THEN
        PERFORM release_files(ARRAY[OLD.file_id]);
    END IF;
    IF OLD.object_key IS NOT NULL AND (TG_OP = 'DELETE' OR NEW.object_key IS DISTINCT FROM OLD.object_key) THEN
        INSERT INTO media_object_deletions (object_key) VALUES (OLD.object_key) ON CONFLICT (object_key) DO NOTHING;
        PERFORM pg_notify('duty_wanted', 'media-deletions');
    END IF;
    RETURN NULL;
END
$$;
