-- Files by the name that a client gave them: staged first, over the storage nodes once a worker has split them.

CREATE TABLE named_files (
    client_id         text NOT NULL,
    name              text NOT NULL,
    -- The current version, and the key of its bytes in short-term storage. A put replaces the row's version in one transaction.
    version           uuid NOT NULL,
    size              bigint NOT NULL CHECK (size >= 0),
    sha256            bytea NOT NULL CHECK (octet_length(sha256) = 32),
    -- Null while the bytes are staged. Whoever deletes the file by its id deletes the name with it.
    file_id           uuid REFERENCES files ON DELETE CASCADE,
    -- The file of the version before this one: set by the statement that replaces it, read by the one after it.
    replaced_file_id  uuid,
    put_at            timestamptz NOT NULL DEFAULT now(),
    -- When the job that splits it was enqueued last, and how often.
    enqueued_at       timestamptz NOT NULL DEFAULT now(),
    enqueues          integer NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, name)
);

-- What is staged: a handful of rows, looked up by version and walked by the sweeper.
CREATE UNIQUE INDEX named_files_staged ON named_files (version) WHERE file_id IS NULL;
CREATE INDEX named_files_file ON named_files (file_id) WHERE file_id IS NOT NULL;

-- Staged values that the sweeper is freeing or has freed because no row referred to them. A put whose process slept through that
-- finds its version here and fails, instead of referring to bytes that are gone.
CREATE TABLE abandoned_versions (
    version       uuid PRIMARY KEY,
    abandoned_at  timestamptz NOT NULL DEFAULT now()
);
