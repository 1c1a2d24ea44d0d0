-- Judges the conditions of a write by the entity tag of the key's current object, NULL for a key without one. '*' stands for any tag.
-- Returns 'written' when they hold; 'no-such-key' when if_match is given and the object does not exist; otherwise 'precondition-failed'.
CREATE OR REPLACE FUNCTION judge_conditions(etag text, if_match text, if_none_match text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN if_match IS NOT NULL AND etag IS NULL THEN 'no-such-key'
        WHEN if_match <> '*' AND if_match <> etag THEN 'precondition-failed'
        WHEN etag IS NOT NULL AND if_none_match IN ('*', etag) THEN 'precondition-failed'
        ELSE 'written'
    END
$$;
