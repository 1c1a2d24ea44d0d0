-- Names the state by which an item counts in media_usage: 1 pending, 2 stored, 3 in the trash.
CREATE OR REPLACE FUNCTION media_usage_state(status smallint, removed_at timestamptz) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT (CASE WHEN removed_at IS NOT NULL THEN 3 WHEN status = 1 THEN 1 ELSE 2 END)::smallint $$;
