-- Keys that sign requests to the S3 API, and whose they are.

CREATE TABLE access_keys (
    -- What requests name; compared byte by byte.
    access_key_id   text COLLATE "C" PRIMARY KEY CHECK (octet_length(access_key_id) BETWEEN 3 AND 128),
    -- Several keys may belong to one owner, which has no row of its own.
    owner_id        text COLLATE "C" NOT NULL CHECK (octet_length(owner_id) BETWEEN 1 AND 128),
    display_name    text NOT NULL,
    -- Nonce (12 bytes), ciphertext and tag (16 bytes) of AES-256-GCM, bound to access_key_id: a signature can be verified only with the
    -- secret itself, so a hash of it would not do.
    sealed_secret   bytea NOT NULL CHECK (octet_length(sealed_secret) > 28),
    -- Which secrets key it is sealed under, so that keys can be exchanged one row after the other.
    secrets_key_id  text NOT NULL,
    is_enabled      boolean NOT NULL DEFAULT true,
    created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX access_keys_owner ON access_keys (owner_id);
