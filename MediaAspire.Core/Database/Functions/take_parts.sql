-- Ends the partial uploads of a concatenation that is being completed: it has holders of its own in their files. They are found until they
-- expire. Fails with SQLSTATE MA002 when the concatenation is not completing.
CREATE OR REPLACE FUNCTION take_parts(upload uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    taken uuid[];
    part uuid;
BEGIN
    SELECT u.parts INTO taken FROM uploads u WHERE u.upload_id = upload AND u.state = 'completing' FOR UPDATE;
    PERFORM require_met(FOUND, 'gone');
    FOR part IN
        SELECT u.upload_id FROM uploads u WHERE u.upload_id = ANY (taken) AND u.joined_into IS NULL ORDER BY u.upload_id FOR UPDATE
    LOOP
        UPDATE uploads u SET joined_into = upload, modified_at = now() WHERE u.upload_id = part;
        PERFORM release_upload(part);
    END LOOP;
END
$$;
