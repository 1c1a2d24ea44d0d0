-- Deletes an image with its aliases and variants. Returns the aliases; NULL when the image does not exist.
CREATE OR REPLACE FUNCTION delete_image(doomed uuid) RETURNS text[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    deleted text[];
BEGIN
    PERFORM FROM images i WHERE i.image_id = doomed FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    WITH gone AS (DELETE FROM image_aliases a WHERE a.image_id = doomed RETURNING a.alias, a.created_at)
    SELECT coalesce(array_agg(g.alias ORDER BY g.created_at, g.alias), '{}') INTO deleted FROM gone g;
    DELETE FROM images i WHERE i.image_id = doomed;
    RETURN deleted;
END
$$;
