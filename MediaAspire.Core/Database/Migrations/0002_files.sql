-- Files, the chunks that they are cut into, and where every copy of a chunk is.

CREATE TABLE files (
    file_id        uuid PRIMARY KEY,
    filename       text NOT NULL,
    content_type   text NOT NULL,
    -- Unknown until the last byte when the client sends no length.
    total_size     bigint CHECK (total_size >= 0),
    checksum       bytea CHECK (octet_length(checksum) = 32),
    upload_status  text NOT NULL CHECK (upload_status IN ('pending', 'uploading', 'completed', 'failed', 'deleted')),
    -- How the bytes are laid out over the servers: whole copies today; erasure codes can stand beside them.
    layout         text NOT NULL DEFAULT 'copies',
    copies         integer NOT NULL CHECK (copies >= 1),
    created_at     timestamptz NOT NULL DEFAULT now(),
    completed_at   timestamptz,
    deleted_at     timestamptz,
    CHECK (upload_status <> 'completed' OR (total_size IS NOT NULL AND checksum IS NOT NULL AND completed_at IS NOT NULL)),
    CHECK ((upload_status = 'deleted') = (deleted_at IS NOT NULL))
);

CREATE INDEX files_deleted ON files (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE chunks (
    chunk_id           uuid PRIMARY KEY,
    file_id            uuid NOT NULL REFERENCES files ON DELETE CASCADE,
    chunk_number       integer NOT NULL CHECK (chunk_number >= 0),
    chunk_offset       bigint NOT NULL CHECK (chunk_offset >= 0),
    -- Unknown, like the hash, while the chunk is being written.
    chunk_size         bigint CHECK (chunk_size >= 0),
    chunk_hash         bytea CHECK (octet_length(chunk_hash) = 32),
    -- Where the ring placed the first copy; chunk_replicas is the truth of where copies are.
    storage_server_id  uuid REFERENCES storage_servers ON DELETE SET NULL,
    created_at         timestamptz NOT NULL DEFAULT now(),
    UNIQUE (file_id, chunk_number)
);

CREATE TABLE chunk_replicas (
    chunk_id    uuid NOT NULL REFERENCES chunks ON DELETE CASCADE,
    server_id   uuid NOT NULL REFERENCES storage_servers,
    status      text NOT NULL CHECK (status IN ('writing', 'stored', 'failed', 'corrupt')),
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (chunk_id, server_id)
);

CREATE INDEX chunk_replicas_server ON chunk_replicas (server_id);

CREATE TABLE upload_sessions (
    session_id  uuid PRIMARY KEY,
    file_id     uuid NOT NULL UNIQUE REFERENCES files ON DELETE CASCADE,
    status      text NOT NULL CHECK (status IN ('active', 'aborted')),
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL
);

CREATE INDEX upload_sessions_expiry ON upload_sessions (expires_at);
