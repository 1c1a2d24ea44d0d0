-- Owners of files, and the quotas of owners and buckets.

-- NULL for a file without an owner, and for the files of objects, which count to their buckets.
ALTER TABLE files ADD COLUMN owner_id text COLLATE "C";

CREATE INDEX files_owner ON files (owner_id) WHERE owner_id IS NOT NULL;

-- Each owner has client ids of its own. The empty one has the files without an owner.
ALTER TABLE named_files ADD COLUMN owner_id text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE named_files DROP CONSTRAINT named_files_pkey, ADD PRIMARY KEY (owner_id, client_id, name);

-- The size of the staged version before this one: set by the statement that replaces it, read by the one after it.
ALTER TABLE named_files ADD COLUMN replaced_bytes bigint;

-- Whether writes have to look for a quota: the owner has one; the bucket or its owner has one.
ALTER TABLE owners ADD COLUMN is_limited boolean NOT NULL DEFAULT false;
ALTER TABLE buckets ADD COLUMN is_limited boolean NOT NULL DEFAULT false;

CREATE TABLE quotas (
    quota_id      uuid PRIMARY KEY,
    owner_id      text COLLATE "C" UNIQUE REFERENCES owners ON DELETE CASCADE,
    bucket_id     uuid UNIQUE REFERENCES buckets ON DELETE CASCADE,
    -- NULL for no limit.
    max_bytes     bigint CHECK (max_bytes >= 0),
    max_objects   bigint CHECK (max_objects >= 0),
    -- The sum of the changes since the quota was set until the stored content has been counted; from then on the whole usage.
    used_bytes    bigint NOT NULL DEFAULT 0,
    used_objects  bigint NOT NULL DEFAULT 0,
    is_counting   boolean NOT NULL DEFAULT true,
    changed_at    timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(owner_id, bucket_id) = 1),
    CHECK (num_nonnulls(max_bytes, max_objects) > 0)
) WITH (fillfactor = 20);
