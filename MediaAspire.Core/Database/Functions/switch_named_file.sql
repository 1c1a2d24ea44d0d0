-- Switches a version of a named file from short-term storage to its file. Fails with SQLSTATE MA002 when the version is not current, or
-- has been switched already, so that the statements sent with this one are undone.
CREATE OR REPLACE FUNCTION switch_named_file(switched uuid, file uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE named_files n SET file_id = file WHERE n.version = switched AND n.file_id IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'version % is not staged any more', switched USING ERRCODE = 'MA002', CONSTRAINT = 'not-staged';
    END IF;
END
$$;
