-- Returns a text that is greater than every key: 256 of the highest code point make 1,024 bytes.
CREATE OR REPLACE FUNCTION after_all_keys() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT repeat(chr(1114111), 257) $$;
