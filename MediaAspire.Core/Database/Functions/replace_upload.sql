-- Completes a resumable upload whose bytes were written again elsewhere, and releases its pieces. Fails as finish_upload() does.
CREATE OR REPLACE FUNCTION replace_upload(upload uuid, outcome jsonb, kept interval) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM take_parts(upload);
    PERFORM release_upload(upload);
    PERFORM finish_upload(upload, outcome, kept, is_freed => false);
END
$$;
