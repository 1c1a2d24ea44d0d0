-- Fails with SQLSTATE MA002 and a reason when a condition is not met, so that the statements sent with this one are undone.
CREATE OR REPLACE FUNCTION require_met(met boolean, reason text) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF met IS NOT TRUE THEN
        RAISE EXCEPTION 'not met: %', reason USING ERRCODE = 'MA002', CONSTRAINT = reason;
    END IF;
END
$$;
