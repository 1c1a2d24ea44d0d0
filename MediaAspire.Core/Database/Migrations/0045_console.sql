-- Sessions of the web console. A row is a sign-in; the cookie has the token, 256 random bits.
CREATE TABLE console_sessions (
    token_sha256   bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
    -- Of a sign-in with an API key: the session is valid while the key accepts the secret that it was signed in with.
    key_id         text COLLATE "C" REFERENCES api_keys (key_id) ON DELETE CASCADE,
    secret_sha256  bytea CHECK (octet_length(secret_sha256) = 32),
    -- Of a sign-in with OpenID Connect: the person, their name, and what the claims granted.
    subject        text,
    name           text,
    owner_id       text COLLATE "C" REFERENCES owners (owner_id),
    scopes         text[],
    created_at     timestamptz NOT NULL DEFAULT now(),
    expires_at     timestamptz NOT NULL,
    CHECK ((key_id IS NULL) = (secret_sha256 IS NULL)),
    CHECK ((key_id IS NULL) = (subject IS NOT NULL AND name IS NOT NULL AND scopes IS NOT NULL)),
    -- As of keys: such a session would see the data of every owner.
    CHECK (owner_id IS NULL OR NOT scopes && ARRAY['admin', 'metrics'])
);
CREATE INDEX console_sessions_key ON console_sessions (key_id, created_at);
CREATE INDEX console_sessions_subject ON console_sessions (subject, created_at);
CREATE INDEX console_sessions_expiry ON console_sessions (expires_at);
CREATE INDEX console_sessions_owner ON console_sessions (owner_id);

-- Links by which anyone downloads an item of media until they expire. The link has the token, 256 random bits.
CREATE TABLE media_shares (
    share_id      uuid PRIMARY KEY,
    media_id      uuid NOT NULL REFERENCES media ON DELETE CASCADE,
    token_sha256  bytea NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
    -- The name under which browsers save the item; NULL for the item's own.
    filename      text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    -- The id of the key or of the person.
    created_by    text,
    expires_at    timestamptz NOT NULL
);
CREATE INDEX media_shares_media ON media_shares (media_id, created_at);
