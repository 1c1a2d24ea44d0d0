-- Charges the declared bytes of an item to its owner when the owner has a quota, and frees them with the item. Trigger function.
CREATE OR REPLACE FUNCTION charge_media() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF is_limited_owner(NEW.owner) THEN
            PERFORM charge_quotas(NULL, NEW.owner, NEW.size, 1);
        END IF;
    ELSIF is_limited_owner(OLD.owner) THEN
        IF TG_OP = 'DELETE' THEN
            PERFORM charge_quotas(NULL, OLD.owner, -OLD.size, -1);
        ELSE
            PERFORM charge_quotas(NULL, OLD.owner, NEW.size - OLD.size, 0);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
