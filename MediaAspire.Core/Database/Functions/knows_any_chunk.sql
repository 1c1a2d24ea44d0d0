-- Tells whether the database knows any of some chunks. Storage nodes may call this, though they may not read the chunks themselves. The
-- body is bound to its table when the function is created, so no schema of a caller's search path can take the table's place.
CREATE OR REPLACE FUNCTION knows_any_chunk(ids uuid[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
RETURN EXISTS (SELECT FROM chunks WHERE chunk_id = ANY (ids));
