-- Queues the objects of an item of the catalog whose public access may have to change in the store. Trigger function of `media`.
CREATE OR REPLACE FUNCTION queue_media_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- In the order of the keys, so that changes of clones do not wait for each other in a circle.
    INSERT INTO media_object_access (object_key)
    SELECT DISTINCT p.object_key FROM media_parts p WHERE p.media_id = OLD.media_id ORDER BY p.object_key
    ON CONFLICT (object_key) DO UPDATE
    SET generation = media_object_access.generation + 1, is_applied = false, due_at = now(), attempts = 0;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
