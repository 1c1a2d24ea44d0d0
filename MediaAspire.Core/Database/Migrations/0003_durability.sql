-- What keeps copies alive: who does which duty, and the states that a copy passes through besides being stored.

-- writing:  an upload is sending it; the file is not complete.
-- stored:   acknowledged, on stable storage, readable. The only state that counts as a copy.
-- failed:   an upload's server that failed; it may hold a remainder.
-- corrupt:  its server read it back and found it damaged.
-- missing:  its server says that it has none.
-- copying:  a worker is having it made from another copy.
-- deleting: to be taken off its server, then forgotten. Final: no state follows.
ALTER TABLE chunk_replicas DROP CONSTRAINT chunk_replicas_status_check;
ALTER TABLE chunk_replicas ADD CONSTRAINT chunk_replicas_status_check
    CHECK (status IN ('writing', 'stored', 'failed', 'corrupt', 'missing', 'copying', 'deleting'));

-- Since when the copy has its status; graces count from here. Uploads leave it alone: for them created_at says the same.
ALTER TABLE chunk_replicas ADD COLUMN status_since timestamptz NOT NULL DEFAULT now();

-- Uploads pass through 'writing' and 'stored' only, and so never touch this index.
CREATE INDEX chunk_replicas_unsettled ON chunk_replicas (status, status_since)
    WHERE status IN ('failed', 'corrupt', 'missing', 'copying', 'deleting');

-- Walks over one server's copies in order, page by page: scrub, drain, comparison with what lies on its disk.
DROP INDEX chunk_replicas_server;
CREATE INDEX chunk_replicas_server ON chunk_replicas (server_id, chunk_id);

-- One worker at a time does a duty. Times are the database's.
CREATE TABLE duty_leases (
    duty            text PRIMARY KEY,
    holder          uuid NOT NULL,
    holder_name     text NOT NULL,
    -- Grows with every change of holder.
    term            bigint NOT NULL DEFAULT 1,
    expires_at      timestamptz NOT NULL,
    last_started_at timestamptz,
    last_ended_at   timestamptz,
    last_error      text
);
