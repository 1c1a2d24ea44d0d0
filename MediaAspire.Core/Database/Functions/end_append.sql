-- Gives the right to append back, unless another append has taken it.
CREATE OR REPLACE FUNCTION end_append(upload uuid, of_term bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE uploads u SET is_held = false WHERE u.upload_id = upload AND u.term = of_term AND u.is_held;
    IF FOUND THEN
        PERFORM pg_notify('image_work', 'upload-free:' || upload);
    END IF;
END
$$;
