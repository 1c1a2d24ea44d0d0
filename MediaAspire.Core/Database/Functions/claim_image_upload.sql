-- Hands out the result of an upload, once. `outcome` is 'missing', 'waiting', 'claimed' for one that was claimed before, 'failed' with a
-- code and a message, or 'done' with an alias, which can be deleted with `token` from now on. With `of_owner` only uploads of that owner
-- are found.
CREATE OR REPLACE FUNCTION claim_image_upload(upload uuid, of_owner text, token bytea)
RETURNS TABLE (outcome text, alias text, code text, message text) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    claimed record;
BEGIN
    SELECT u.state, u.result INTO claimed FROM image_uploads u
    WHERE u.upload_id = upload AND (of_owner IS NULL OR u.owner = of_owner) FOR UPDATE;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'missing', NULL::text, NULL::text, NULL::text;
        RETURN;
    END IF;
    IF claimed.state IN ('done', 'failed') THEN
        UPDATE image_uploads SET state = 'claimed' WHERE upload_id = upload;
        UPDATE image_aliases a SET delete_token = token WHERE claimed.state = 'done' AND a.alias = claimed.result ->> 'alias';
    END IF;
    RETURN QUERY SELECT claimed.state, claimed.result ->> 'alias', claimed.result ->> 'code', claimed.result ->> 'message';
END
$$;
