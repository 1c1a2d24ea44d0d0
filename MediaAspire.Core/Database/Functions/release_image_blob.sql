-- Deletes the blobs of an image or a variant that is deleted or has others now. Trigger function.
CREATE OR REPLACE FUNCTION release_image_blob() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept uuid[] := '{}';
    was uuid[];
BEGIN
    IF TG_TABLE_NAME = 'images' THEN
        was := ARRAY[OLD.blob_id, OLD.motion_blob_id];
    ELSE
        was := ARRAY[OLD.blob_id];
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF TG_TABLE_NAME = 'images' THEN
            kept := ARRAY[NEW.blob_id, NEW.motion_blob_id];
        ELSE
            kept := ARRAY[NEW.blob_id];
        END IF;
    END IF;
    DELETE FROM image_blobs WHERE blob_id = ANY (was) AND NOT blob_id = ANY (array_remove(kept, NULL));
    RETURN NULL;
END
$$;
