-- Fails with SQLSTATE MA002 unless a version was written, so that the statements sent with this one are undone. The client reads the
-- outcome from the error's constraint name.
CREATE OR REPLACE FUNCTION require_written(outcome text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF outcome <> 'written' THEN
        RAISE EXCEPTION 'the version was not written: %', outcome USING ERRCODE = 'MA002', CONSTRAINT = outcome;
    END IF;
END
$$;
