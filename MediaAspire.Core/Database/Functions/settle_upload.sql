-- Asks the holder of a resumable upload to let go, and tells whether nobody holds it. With `force` it is taken from its holder, whose bytes
-- that are not committed yet are refused.
CREATE OR REPLACE FUNCTION settle_upload(upload uuid, force boolean) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM uploads u WHERE u.upload_id = upload AND u.is_held) THEN
        RETURN true;
    END IF;
    PERFORM pg_notify('upload_wanted', upload::text);
    IF force THEN
        UPDATE uploads u SET term = u.term + 1, is_held = false WHERE u.upload_id = upload AND u.is_held;
    END IF;
    RETURN force;
END
$$;
