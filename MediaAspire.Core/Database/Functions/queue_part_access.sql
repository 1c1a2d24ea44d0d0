-- Queues the object of a new part when its item is public, as that of a clone can be. Trigger function of `media_parts`.
CREATE OR REPLACE FUNCTION queue_part_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO media_object_access (object_key)
    SELECT NEW.object_key FROM media m WHERE m.media_id = NEW.media_id AND m.is_public AND m.removed_at IS NULL AND m.status > 1
    ON CONFLICT (object_key) DO UPDATE
    SET generation = media_object_access.generation + 1, is_applied = false, due_at = now(), attempts = 0;
    RETURN NULL;
END
$$;
