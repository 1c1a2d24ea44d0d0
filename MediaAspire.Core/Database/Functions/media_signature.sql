-- Sets three bits of 64 for each tag and category. An item that has all tags of a filter has all their bits, so most others are skipped
-- without reading their rows. The results are stored: they never change.
CREATE OR REPLACE FUNCTION media_signature(tags text[], categories text[]) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(bit_or(
        1::bigint << (get_byte(h, 0) & 63) | 1::bigint << (get_byte(h, 1) & 63) | 1::bigint << (get_byte(h, 2) & 63)), 0)
    FROM (SELECT sha256(convert_to('t' || t, 'UTF8')) AS h FROM unnest(tags) AS t
        UNION ALL SELECT sha256(convert_to('c' || c, 'UTF8')) FROM unnest(categories) AS c) AS terms
$$;
