-- Removes at most so many uploads that have expired; none while a restore of the database is open, which may have forgotten their claims.
CREATE OR REPLACE FUNCTION expire_image_uploads(most integer) RETURNS integer LANGUAGE sql VOLATILE AS $$
    SELECT remove_image_uploads(ARRAY(
        SELECT u.upload_id FROM image_uploads u WHERE u.expires_at <= now() AND NOT restore_is_open()
        ORDER BY u.expires_at LIMIT most FOR UPDATE SKIP LOCKED))
$$;
