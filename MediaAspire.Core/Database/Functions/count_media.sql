-- Records what a change of an item adds to media_usage, and what it takes away. Trigger function.
CREATE OR REPLACE FUNCTION count_media() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO media_usage_deltas (owner, kind, is_public, state, items, bytes)
        VALUES (OLD.owner, OLD.kind, OLD.is_public, media_usage_state(OLD.status, OLD.removed_at), -1, -OLD.size);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO media_usage_deltas (owner, kind, is_public, state, items, bytes)
        VALUES (NEW.owner, NEW.kind, NEW.is_public, media_usage_state(NEW.status, NEW.removed_at), 1, NEW.size);
    END IF;
    RETURN NULL;
END
$$;
