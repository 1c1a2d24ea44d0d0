-- Returns the least text that is greater than every text with the prefix, byte by byte; NULL when no such text exists. UTF-8 sorts like its
-- code points, which end at U+10FFFF and have a hole where the surrogates are.
CREATE OR REPLACE FUNCTION text_after(prefix text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    head text := prefix;
    last integer;
BEGIN
    WHILE head <> '' LOOP
        last := ascii(right(head, 1));
        head := left(head, -1);
        IF last < 1114111 THEN
            RETURN head || chr(CASE last WHEN 55295 THEN 57344 ELSE last + 1 END);
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
