-- Removes uploads, with the files of those that wait and the aliases that nobody has claimed. Returns the number of uploads.
CREATE OR REPLACE FUNCTION remove_image_uploads(doomed uuid[]) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    removed integer;
    held uuid[];
    unclaimed text[];
BEGIN
    WITH gone AS (DELETE FROM image_uploads u WHERE u.upload_id = ANY (doomed) RETURNING u.file_id, u.state, u.result)
    SELECT count(*), array_agg(g.file_id) FILTER (WHERE g.file_id IS NOT NULL),
        array_agg(g.result ->> 'alias') FILTER (WHERE g.state = 'done')
    INTO removed, held, unclaimed FROM gone g;
    IF unclaimed IS NOT NULL THEN
        PERFORM delete_image_aliases(unclaimed);
    END IF;
    IF held IS NOT NULL THEN
        PERFORM release_files(held);
    END IF;
    RETURN removed;
END
$$;
