-- Refuses a statement that deletes a locked version or shortens its retention, from any code. Trigger function.
CREATE OR REPLACE FUNCTION refuse_unlocking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Version % of % is locked.', OLD.version_id, OLD.key USING ERRCODE = 'integrity_constraint_violation';
END
$$;
