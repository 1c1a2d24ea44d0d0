-- Releases the file, or schedules the deletion of the object, of a copy that did not become its blob's content. Trigger function. The
-- object is deleted again later: a process that is slow, or believed dead, may put it after the first deletion.
CREATE OR REPLACE FUNCTION release_blob_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.file_id IS NOT DISTINCT FROM OLD.file_id AND NEW.object_key IS NOT DISTINCT FROM OLD.object_key THEN
        RETURN NULL;
    END IF;
    IF OLD.file_id IS NOT NULL AND NOT EXISTS (SELECT FROM image_blobs b WHERE b.file_id = OLD.file_id) THEN
        PERFORM release_files(ARRAY[OLD.file_id]);
    END IF;
    IF OLD.object_key IS NOT NULL AND NOT EXISTS (SELECT FROM image_blobs b WHERE b.object_key = OLD.object_key) THEN
        INSERT INTO media_object_deletions (object_key, upload_until) VALUES (OLD.object_key, now() + interval '1 hour')
        ON CONFLICT (object_key) DO NOTHING;
        PERFORM pg_notify('duty_wanted', 'media-deletions');
    END IF;
    RETURN NULL;
END
$$;
