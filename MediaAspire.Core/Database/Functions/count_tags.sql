-- Records the change of the numbers of items with the tags of an item, see `tag_usage`. Trigger function of `media`.
CREATE OR REPLACE FUNCTION count_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tag_deltas (owner, tag, items)
    SELECT d.owner, d.tag, sum(d.items) FROM (
        SELECT OLD.owner, t.tag, -1 AS items FROM unnest(OLD.tags) AS t (tag)
        WHERE TG_OP <> 'INSERT' AND OLD.removed_at IS NULL AND NOT OLD.is_unlisted
        UNION ALL
        SELECT NEW.owner, t.tag, 1 FROM unnest(NEW.tags) AS t (tag)
        WHERE TG_OP <> 'DELETE' AND NEW.removed_at IS NULL AND NOT NEW.is_unlisted
    ) AS d GROUP BY d.owner, d.tag HAVING sum(d.items) <> 0;
    RETURN NULL;
END
$$;
