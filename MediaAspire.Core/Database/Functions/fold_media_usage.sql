-- Adds up to `most` deltas of media_usage to its totals, and returns their number. Two transactions never fold the same delta.
CREATE OR REPLACE FUNCTION fold_media_usage(most integer) RETURNS bigint LANGUAGE sql VOLATILE AS $$
    WITH taken AS (
        DELETE FROM media_usage_deltas d
        WHERE d.ctid = ANY (ARRAY(SELECT x.ctid FROM media_usage_deltas x LIMIT most FOR UPDATE SKIP LOCKED))
        RETURNING d.*),
    folded AS (
        INSERT INTO media_usage AS u (owner, kind, is_public, state, items, bytes)
        SELECT t.owner, t.kind, t.is_public, t.state, sum(t.items), sum(t.bytes) FROM taken t GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (owner, kind, is_public, state) DO UPDATE SET items = u.items + excluded.items, bytes = u.bytes + excluded.bytes)
    SELECT count(*) FROM taken
$$;
