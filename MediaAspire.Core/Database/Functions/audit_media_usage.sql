-- Compares media_usage with a full count of the same snapshot, and corrects it by deltas of their difference. The caller holds the lock of
-- lock_media_audit(), so that no difference is corrected twice.
CREATE OR REPLACE FUNCTION audit_media_usage() RETURNS TABLE (items bigint, bytes bigint) LANGUAGE sql VOLATILE AS $$
    WITH actual AS (
        SELECT m.owner, m.kind, m.is_public, media_usage_state(m.status, m.removed_at) AS state, count(*) AS items, sum(m.size) AS bytes
        FROM media m GROUP BY 1, 2, 3, 4),
    counted AS (
        SELECT c.owner, c.kind, c.is_public, c.state, sum(c.items) AS items, sum(c.bytes) AS bytes
        FROM (SELECT * FROM media_usage UNION ALL SELECT * FROM media_usage_deltas) AS c GROUP BY 1, 2, 3, 4),
    drift AS (
        SELECT owner, kind, is_public, state, coalesce(a.items, 0) - coalesce(c.items, 0) AS items,
            coalesce(a.bytes, 0) - coalesce(c.bytes, 0) AS bytes
        FROM actual a FULL JOIN counted c USING (owner, kind, is_public, state)),
    corrected AS (
        INSERT INTO media_usage_deltas (owner, kind, is_public, state, items, bytes)
        SELECT * FROM drift d WHERE (d.items, d.bytes) <> (0, 0))
    SELECT coalesce(sum(abs(d.items)), 0)::bigint, coalesce(sum(abs(d.bytes)), 0)::bigint FROM drift d
$$;
