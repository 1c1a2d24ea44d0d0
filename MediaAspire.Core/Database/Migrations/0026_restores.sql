-- A database that was restored from a backup has the cluster's id, and does not know the chunks that were written since the backup. The
-- nodes notice: each one counts its heartbeats here, and keeps the highest count that it saw on its disk.

-- Rises with every restore that an operator accepts. Within an epoch, the counts of heartbeats only grow.
ALTER TABLE cluster ADD COLUMN epoch bigint NOT NULL DEFAULT 1 CHECK (epoch >= 1);

ALTER TABLE storage_servers
    -- Heartbeats and registrations of the server. Only the server's own reports raise it, so no other server can hide a restore.
    ADD COLUMN heartbeat_count bigint NOT NULL DEFAULT 0 CHECK (heartbeat_count >= 0),
    -- Bytes of the chunk files in its trash; a part of used_space.
    ADD COLUMN trash_space bigint NOT NULL DEFAULT 0 CHECK (trash_space >= 0);

-- Servers that have seen a later state of the database. A row counts until the cluster's epoch is higher than the one that was seen.
CREATE TABLE detected_restores (
    -- No reference: the database may be older than the server.
    server_id    uuid NOT NULL,
    server_name  text NOT NULL,
    -- The epoch, the count and the database's time of the last heartbeat that the server knows of.
    seen_epoch   bigint NOT NULL,
    seen_count   bigint NOT NULL,
    seen_at      timestamptz,
    -- The same as the database had them. No time when it did not know the server.
    own_epoch    bigint NOT NULL,
    own_count    bigint NOT NULL,
    own_at       timestamptz,
    found_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (server_id, seen_epoch)
);

-- An operator's permission to collect more unknown chunks on a server than their share allows, for one pass.
CREATE TABLE collection_permits (
    server_id   uuid PRIMARY KEY REFERENCES storage_servers ON DELETE CASCADE,
    -- The most unknown chunks for which it holds.
    chunks      bigint NOT NULL CHECK (chunks >= 1),
    granted_at  timestamptz NOT NULL DEFAULT now()
);
