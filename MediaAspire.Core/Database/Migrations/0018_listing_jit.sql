-- A plan along a whole bucket looks dear enough to be compiled by its rows, though a jump reads one of them: compiling takes milliseconds,
-- a jump microseconds.
ALTER FUNCTION list_objects(uuid, text, text, text, boolean, integer) SET jit = off;
ALTER FUNCTION list_object_versions(uuid, text, text, text, boolean, uuid, boolean, integer) SET jit = off;
