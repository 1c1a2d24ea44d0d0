-- Counts what a bucket or an owner, the other NULL, stores now, as quotas count it: each version of an object to its bucket and to the
-- bucket's owner, the parts of uploads under way and what resumable uploads reserve too, in bytes only; files, staged versions of named
-- files, aliases of images, and media items with their declared sizes to their owners. Delete markers count nothing. A part of its
-- caller's statement, so it counts what that statement sees.
CREATE OR REPLACE FUNCTION usage_of(bucket uuid, owner text) RETURNS TABLE (bytes bigint, objects bigint) LANGUAGE sql STABLE AS $$
    WITH counted AS (SELECT b.bucket_id FROM buckets b WHERE b.bucket_id = bucket OR b.owner_id = owner)
    SELECT coalesce(sum(part.bytes), 0)::bigint, coalesce(sum(part.objects), 0)::bigint FROM (
        SELECT sum(o.size), count(*) FROM objects o WHERE o.bucket_id IN (SELECT c.bucket_id FROM counted c) AND NOT o.is_delete_marker
        UNION ALL
        SELECT sum(p.size), 0 FROM multipart_uploads u JOIN multipart_parts p USING (upload_id)
        WHERE u.bucket_id IN (SELECT c.bucket_id FROM counted c)
        UNION ALL
        SELECT sum(r.reserved), 0 FROM uploads r WHERE r.bucket_id IN (SELECT c.bucket_id FROM counted c)
        UNION ALL
        SELECT sum(r.reserved), 0 FROM uploads r WHERE r.owner = usage_of.owner AND r.reserved > 0 AND r.bucket_id IS NULL
        UNION ALL
        SELECT sum(f.total_size), count(*) FROM files f
        WHERE f.owner_id = owner AND f.upload_status = 'completed' AND f.holders IS NULL
        UNION ALL
        SELECT sum(n.size), count(*) FROM named_files n WHERE n.owner_id = owner AND n.file_id IS NULL
        UNION ALL
        SELECT sum(a.size), count(*) FROM image_aliases a WHERE a.owner = usage_of.owner
        UNION ALL
        SELECT sum(m.size), count(*) FROM media m WHERE m.owner = usage_of.owner) AS part (bytes, objects)
$$;
