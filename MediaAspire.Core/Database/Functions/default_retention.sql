-- Computes until when a version written now is retained by its bucket's default; NULL without a default. Counts by the calendar of
-- UTC, rounded up to the millisecond.
CREATE OR REPLACE FUNCTION default_retention(object_lock json) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT (date_trunc('milliseconds', now() AT TIME ZONE 'UTC') + interval '1 millisecond'
        + make_interval(years => coalesce((object_lock ->> 'years')::integer, 0), days => coalesce((object_lock ->> 'days')::integer, 0)))
        AT TIME ZONE 'UTC'
    WHERE object_lock ->> 'mode' IS NOT NULL
$$;
