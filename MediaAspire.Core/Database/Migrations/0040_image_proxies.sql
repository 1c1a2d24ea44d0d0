-- The origin's Last-Modified, for the next request to it.
ALTER TABLE image_proxies ADD COLUMN last_modified text;

-- Addresses whose last fetch failed: until then the failure is the answer, so that an origin that is down is not asked for each request.
CREATE TABLE image_proxy_failures (
    url_sha256  bytea PRIMARY KEY CHECK (octet_length(url_sha256) = 32),
    -- The name of a FetchFailureKind.
    kind        text COLLATE "C" NOT NULL,
    code        text COLLATE "C" NOT NULL,
    message     text NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX image_proxy_failures_expiry ON image_proxy_failures (expires_at);

-- Uploads of an address that nothing was fetched for yet, whose job may be lost.
CREATE INDEX image_uploads_to_fetch ON image_uploads (created_at) WHERE state = 'waiting' AND file_id IS NULL;
