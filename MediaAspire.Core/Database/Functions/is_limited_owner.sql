-- Tells whether an owner has a quota; NULL for an unknown owner. The transaction gets its id first: a quota that is set at the same time
-- is counted when the transactions that may not have seen it have ended (ADR 19).
CREATE OR REPLACE FUNCTION is_limited_owner(asked text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    answer boolean;
BEGIN
    PERFORM pg_current_xact_id();
    SELECT o.is_limited INTO answer FROM owners o WHERE o.owner_id = asked;
    RETURN answer;
END
$$;
