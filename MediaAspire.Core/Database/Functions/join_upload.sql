-- Completes a resumable upload by making one file of its pieces, see join_files(). Without `first_holders` the file is visible and counts
-- to the upload's owner. Fails with SQLSTATE MA002 and the reason 'gone' when the upload is not completing, or 'shared' when other uploads
-- hold its pieces, and as charge_quotas() does.
CREATE OR REPLACE FUNCTION join_upload(
    upload uuid, file uuid, name text, type text, wanted_copies integer, first_holders integer, sha bytea, outcome jsonb, kept interval)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    u uploads%ROWTYPE;
    pieces uuid[];
    of_owner text;
BEGIN
    PERFORM take_parts(upload);
    SELECT * INTO u FROM uploads t WHERE t.upload_id = upload;
    SELECT coalesce(array_agg(p.file_id ORDER BY p.piece_number), '{}') INTO pieces FROM upload_pieces p WHERE p.upload_id = upload;
    of_owner := CASE WHEN first_holders IS NULL THEN u.owner END;
    PERFORM require_met(join_files(file, name, type, wanted_copies, first_holders, of_owner, sha, pieces), 'shared');
    IF of_owner IS NOT NULL THEN
        PERFORM charge_upload(NULL, of_owner, u.received, 1, u.received);
    END IF;
    PERFORM finish_upload(upload, outcome, kept, is_freed => false);
END
$$;
