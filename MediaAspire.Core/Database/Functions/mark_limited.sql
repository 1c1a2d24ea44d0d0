-- Has the writes of a bucket, or of an owner and its buckets, look for a quota. Returns the number of buckets that did not before.
CREATE OR REPLACE FUNCTION mark_limited(bucket uuid, owner text) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    marked bigint;
BEGIN
    UPDATE owners o SET is_limited = true WHERE o.owner_id = owner AND NOT o.is_limited;
    UPDATE buckets b SET is_limited = true WHERE (b.bucket_id = bucket OR b.owner_id = owner) AND NOT b.is_limited;
    GET DIAGNOSTICS marked = ROW_COUNT;
    RETURN marked;
END
$$;
