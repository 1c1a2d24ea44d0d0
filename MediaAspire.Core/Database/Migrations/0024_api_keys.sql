-- Keys of the REST API.

CREATE TABLE api_keys (
    -- The public part, which requests name; compared byte by byte.
    key_id                text COLLATE "C" PRIMARY KEY CHECK (key_id ~ '^[A-Za-z0-9]{3,32}$'),
    -- For people.
    name                  text NOT NULL,
    -- The owner whose data alone the key sees; NULL for a key of operators, which sees all.
    owner_id              text COLLATE "C" REFERENCES owners (owner_id),
    scopes                text[] NOT NULL CHECK (cardinality(scopes) > 0),
    -- Address ranges in CIDR notation from which requests are accepted; empty for all.
    addresses             text[] NOT NULL DEFAULT '{}',
    -- SHA-256 of the secret. It has 256 random bits, so that a slow hash would add nothing.
    secret_sha256         bytea NOT NULL CHECK (octet_length(secret_sha256) = 32),
    -- The secret before the last rotation, valid until the given time.
    previous_sha256       bytea CHECK (octet_length(previous_sha256) = 32),
    previous_valid_until  timestamptz,
    is_enabled            boolean NOT NULL DEFAULT true,
    expires_at            timestamptz,
    created_at            timestamptz NOT NULL DEFAULT now(),
    -- The key that created it; NULL for the key of the configuration.
    created_by            text,
    -- Written in batches, so it may lag by a minute.
    last_used_at          timestamptz,
    CHECK ((previous_sha256 IS NULL) = (previous_valid_until IS NULL)),
    -- Such a key sees the data of every owner.
    CHECK (owner_id IS NULL OR NOT scopes && ARRAY['admin', 'metrics'])
);

CREATE INDEX api_keys_owner ON api_keys (owner_id);

-- From here on the owner's row has its name, and every key's owner has a row.
ALTER TABLE access_keys
    DROP COLUMN display_name,
    ADD CONSTRAINT access_keys_owner_exists FOREIGN KEY (owner_id) REFERENCES owners (owner_id);
