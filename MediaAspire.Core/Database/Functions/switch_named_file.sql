-- Switches a version of a named file from short-term storage to its file. Fails with SQLSTATE MA002 when the version is not current, or
-- has been switched already, so that the statements sent with this one are undone. The file gets the owner of the
-- name: its bytes have been counted since the version was put.
CREATE OR REPLACE FUNCTION switch_named_file(switched uuid, file uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    owner text;
BEGIN
    UPDATE named_files n SET file_id = file WHERE n.version = switched AND n.file_id IS NULL
    RETURNING n.owner_id INTO owner;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'version % is not staged any more', switched USING ERRCODE = 'MA002', CONSTRAINT = 'not-staged';
    END IF;
    IF owner <> '' THEN
        UPDATE files f SET owner_id = owner WHERE f.file_id = file;
    END IF;
END
$$;
