-- Charges the bytes of an alias's image to the alias's owner when the owner has a quota, and frees them with the alias. Trigger function.
CREATE OR REPLACE FUNCTION charge_image_alias() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM charge_owner(NEW.owner, NEW.size, 1);
    ELSIF is_limited_owner(OLD.owner) THEN
        PERFORM charge_quotas(NULL, OLD.owner, -OLD.size, -1);
    END IF;
    RETURN NULL;
END
$$;
