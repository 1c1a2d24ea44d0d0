-- Makes an inserted version the latest of its key. A new null version replaces the old one. The caller holds the key's lock. For a key's
-- first version, which is inserted as the latest, there is nothing to do.
CREATE OR REPLACE FUNCTION settle_object(bucket uuid, object_key text, settled uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    new_version objects%ROWTYPE;
    replaced uuid[];
BEGIN
    SELECT * INTO new_version FROM objects WHERE version_id = settled;
    IF NOT FOUND OR new_version.is_latest THEN
        RETURN;
    END IF;
    IF new_version.is_null THEN
        SELECT array_agg(o.version_id) INTO replaced FROM objects o
        WHERE o.bucket_id = bucket AND o.key = object_key AND o.is_null AND o.version_id <> settled;
        IF replaced IS NOT NULL THEN
            PERFORM remove_versions(replaced);
        END IF;
    END IF;
    UPDATE objects SET is_latest = false WHERE bucket_id = bucket AND key = object_key AND is_latest;
    UPDATE objects SET is_latest = true WHERE version_id = settled;
END
$$;
