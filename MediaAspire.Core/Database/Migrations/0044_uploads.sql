-- Resumable uploads: one session, whatever protocol begins, continues and finishes it.
CREATE TABLE uploads (
    upload_id       uuid PRIMARY KEY,
    owner           text COLLATE "C",
    -- The API key or the signed address that began it.
    initiator       text NOT NULL,
    state           text COLLATE "C" NOT NULL DEFAULT 'receiving'
        CHECK (state IN ('receiving', 'completing', 'completed', 'failed')),
    -- A partial upload is the source of a concatenation, and has no result of its own.
    is_partial      boolean NOT NULL,
    -- What the bytes become, and what the client told about them.
    target          jsonb NOT NULL,
    metadata        jsonb NOT NULL,
    -- NULL until the client tells it.
    length          bigint CHECK (length >= 0),
    max_length      bigint NOT NULL CHECK (max_length >= 0),
    -- The bytes on stable storage, without gaps: the offset that clients are told.
    received        bigint NOT NULL DEFAULT 0 CHECK (received >= 0 AND received <= coalesce(length, max_length)),
    pieces          integer NOT NULL DEFAULT 0,
    declared_sha256 bytea CHECK (octet_length(declared_sha256) = 32),
    sha256          bytea CHECK (octet_length(sha256) = 32),
    -- Incremented by every append: a piece of an older append is refused.
    term            bigint NOT NULL DEFAULT 0,
    is_held         boolean NOT NULL DEFAULT false,
    -- The bucket whose quota the bytes count to, NULL for the owner's; and the bytes that are counted now.
    bucket_id       uuid,
    reserved        bigint NOT NULL DEFAULT 0,
    lifetime        interval NOT NULL,
    -- The partial uploads of a concatenation, and the concatenation that has taken a partial upload.
    parts           uuid[],
    joined_into     uuid,
    result          jsonb,
    failure_code    text,
    failure_message text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    modified_at     timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL,
    CHECK (state NOT IN ('completing', 'completed') OR length = received),
    CHECK ((state = 'failed') = (failure_code IS NOT NULL))
);

CREATE INDEX uploads_expiry ON uploads (expires_at) WHERE state <> 'completing';
CREATE INDEX uploads_completing ON uploads (modified_at) WHERE state = 'completing';
-- The list of uploads under way, the newest first, of one owner and of all.
CREATE INDEX uploads_owner ON uploads (owner, created_at DESC, upload_id DESC) WHERE state IN ('receiving', 'completing');
CREATE INDEX uploads_under_way ON uploads (created_at DESC, upload_id DESC) WHERE state IN ('receiving', 'completing');
-- What quotas count.
CREATE INDEX uploads_bucket ON uploads (bucket_id) WHERE bucket_id IS NOT NULL;
CREATE INDEX uploads_reserved ON uploads (owner) WHERE reserved > 0;

-- The bytes of a session in their order. Each piece is a file that it holds.
CREATE TABLE upload_pieces (
    upload_id     uuid NOT NULL REFERENCES uploads ON DELETE CASCADE,
    piece_number  integer NOT NULL CHECK (piece_number >= 0),
    file_id       uuid NOT NULL,
    piece_offset  bigint NOT NULL CHECK (piece_offset >= 0),
    size          bigint NOT NULL CHECK (size > 0),
    -- Of pieces that become parts of an object: their MD5 in hexadecimal, and their checksum in base64.
    etag          text,
    checksum      text,
    PRIMARY KEY (upload_id, piece_number)
);
