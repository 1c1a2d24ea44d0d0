-- Fails as put_part() would by a quota if it put a part now, see foresee_charge().
CREATE OR REPLACE FUNCTION foresee_part(upload uuid, number integer, bytes bigint) RETURNS void LANGUAGE sql STABLE AS $$
    SELECT foresee_charge(b.bucket_id, b.owner_id, bytes - coalesce(p.size, 0), 0)
    FROM multipart_uploads u JOIN buckets b USING (bucket_id)
    LEFT JOIN multipart_parts p ON p.upload_id = u.upload_id AND p.part_number = number
    WHERE u.upload_id = upload
$$;
