-- The size of the parts of an upload whose parts come in any order; NULL for one whose bytes come in their order.
ALTER TABLE uploads ADD COLUMN part_size bigint CHECK (part_size > 0);

-- S3's uploads in parts that were begun by another protocol: their first parts may be smaller than S3 allows.
ALTER TABLE multipart_uploads ADD COLUMN is_continued boolean NOT NULL DEFAULT false;

-- They are in the list of uploads under way, the newest first, of one owner and of all.
CREATE INDEX multipart_uploads_under_way ON multipart_uploads (initiated_at DESC, upload_id DESC) WHERE completed_at IS NULL;
CREATE INDEX multipart_uploads_owner ON multipart_uploads (owner_id, initiated_at DESC, upload_id DESC) WHERE completed_at IS NULL;
