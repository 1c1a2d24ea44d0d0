-- Frees what a resumable upload counts to a quota, for example because its result counts from now on.
CREATE OR REPLACE FUNCTION free_upload(upload uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    counted record;
BEGIN
    SELECT u.bucket_id, u.owner, u.reserved INTO counted FROM uploads u WHERE u.upload_id = upload AND u.reserved > 0 FOR UPDATE;
    IF FOUND THEN
        UPDATE uploads u SET reserved = 0 WHERE u.upload_id = upload;
        PERFORM charge_upload(counted.bucket_id, counted.owner, -counted.reserved, 0);
    END IF;
END
$$;
