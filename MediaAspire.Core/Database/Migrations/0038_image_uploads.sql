-- Objects of the store are looked up by their keys: before one is deleted, and when the store is audited.
CREATE UNIQUE INDEX image_blobs_object ON image_blobs (object_key) WHERE object_key IS NOT NULL;
CREATE UNIQUE INDEX image_blobs_file ON image_blobs (file_id) WHERE file_id IS NOT NULL;

-- The aliases of an owner, the newest first.
CREATE INDEX image_aliases_owner ON image_aliases (owner, created_at DESC, alias) WHERE owner IS NOT NULL;

-- Uploads whose job may be lost.
CREATE INDEX image_uploads_waiting ON image_uploads (created_at) WHERE state = 'waiting';
