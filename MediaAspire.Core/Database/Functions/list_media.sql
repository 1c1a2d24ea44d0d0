-- Keeps the row of media_listing equal to an item of the catalog; it is deleted with the item. Trigger function.
CREATE OR REPLACE FUNCTION list_media() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was_listed boolean := TG_OP = 'UPDATE'
        AND OLD.status <> 1 AND OLD.removed_at IS NULL AND NOT OLD.is_unlisted AND NOT OLD.is_temporary;
    is_listed boolean := NEW.status <> 1 AND NEW.removed_at IS NULL AND NOT NEW.is_unlisted AND NOT NEW.is_temporary;
BEGIN
    IF is_listed AND NOT was_listed THEN
        INSERT INTO media_listing (
            media_id, created_at, uploaded_at, updated_at, size, width, height, access, status, owner, kind, name_key, tags, categories,
            search_text, terms_low, terms_high, name_text, text_low, text_high)
        VALUES (
            NEW.media_id, NEW.created_at, coalesce(NEW.uploaded_at, NEW.created_at), NEW.updated_at, NEW.size, NEW.width, NEW.height,
            NEW.access, NEW.status, NEW.owner, NEW.kind, left(NEW.normal_name, 100), NEW.tags, NEW.categories, NEW.search_text,
            NEW.terms_low, NEW.terms_high, NEW.name_text, NEW.text_low, NEW.text_high);
    ELSIF was_listed AND NOT is_listed THEN
        DELETE FROM media_listing l WHERE l.media_id = OLD.media_id;
    ELSIF is_listed THEN
        -- An update in place, unless a column of an index changes.
        UPDATE media_listing l SET
            created_at = NEW.created_at, uploaded_at = coalesce(NEW.uploaded_at, NEW.created_at), updated_at = NEW.updated_at,
            size = NEW.size, width = NEW.width, height = NEW.height, access = NEW.access, status = NEW.status, owner = NEW.owner,
            kind = NEW.kind, name_key = left(NEW.normal_name, 100), tags = NEW.tags, categories = NEW.categories,
            search_text = NEW.search_text, terms_low = NEW.terms_low, terms_high = NEW.terms_high, name_text = NEW.name_text,
            text_low = NEW.text_low, text_high = NEW.text_high
        WHERE l.media_id = NEW.media_id;
    END IF;
    RETURN NULL;
END
$$;
