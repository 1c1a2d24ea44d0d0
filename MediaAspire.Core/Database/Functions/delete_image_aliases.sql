-- Deletes aliases, and every image that has none left, with its variants. Returns the number of aliases that existed. Each image's row is
-- locked first: an alias that is made at the same time finds the image gone, or keeps it.
CREATE OR REPLACE FUNCTION delete_image_aliases(doomed text[]) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    locked uuid[];
    deleted integer;
BEGIN
    SELECT array_agg(l.image_id) INTO locked FROM (
        SELECT i.image_id FROM images i
        WHERE i.image_id IN (SELECT a.image_id FROM image_aliases a WHERE a.alias = ANY (doomed))
        ORDER BY i.image_id FOR UPDATE) AS l;
    DELETE FROM image_aliases WHERE alias = ANY (doomed) AND image_id = ANY (locked);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    DELETE FROM images i WHERE i.image_id = ANY (locked) AND NOT EXISTS (SELECT FROM image_aliases a WHERE a.image_id = i.image_id);
    RETURN deleted;
END
$$;
