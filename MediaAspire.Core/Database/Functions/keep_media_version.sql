-- Counts the version of an item of the catalog with each change. Trigger function.
CREATE OR REPLACE FUNCTION keep_media_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- An import after a restore sets a version above those that clients have seen.
    NEW.version := greatest(NEW.version, OLD.version + 1);
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
