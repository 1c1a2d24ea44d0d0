-- Refuses to change or remove audit events, from any role. Only keep_audit() sets the parameter, while it runs. Trigger function.
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('mediaaspire.audit_retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Audit events can only be added.' USING ERRCODE = 'insufficient_privilege';
END
$$;
