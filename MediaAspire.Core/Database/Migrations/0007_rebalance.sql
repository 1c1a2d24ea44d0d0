-- Copies that are being made, and copies that move to other servers.

-- Until when the worker that makes a 'copying' copy is trusted to live. Later, any worker may finish what it began.
ALTER TABLE chunk_replicas ADD COLUMN copying_until timestamptz;

-- What a 'copying' copy was when it is made in the place of a damaged one; it becomes that again when the copying fails.
ALTER TABLE chunk_replicas ADD COLUMN before_copying text CHECK (before_copying IN ('corrupt', 'missing'));

CREATE TABLE rebalances (
    rebalance_id  uuid PRIMARY KEY,
    reason        text NOT NULL CHECK (reason IN ('join', 'drain', 'command')),
    -- The server that joined or is drained.
    server_id     uuid REFERENCES storage_servers ON DELETE SET NULL,
    -- planning:  its moves are being written down.
    -- planned:   a dry run; nothing moves before it is started.
    -- failed:    it could not be planned to its end.
    state         text NOT NULL CHECK (state IN ('planning', 'planned', 'running', 'paused', 'cancelled', 'completed', 'failed')),
    created_at    timestamptz NOT NULL DEFAULT now(),
    started_at    timestamptz,
    ended_at      timestamptz,
    moves         bigint NOT NULL DEFAULT 0,
    bytes         bigint NOT NULL DEFAULT 0,
    moves_done    bigint NOT NULL DEFAULT 0,
    bytes_done    bigint NOT NULL DEFAULT 0,
    moves_skipped bigint NOT NULL DEFAULT 0,
    moves_failed  bigint NOT NULL DEFAULT 0,
    -- Bytes a second that the estimate was made for; null for no limit.
    rate          bigint,
    CHECK ((ended_at IS NOT NULL) = (state IN ('cancelled', 'completed', 'failed')))
);

-- One at a time: a second one that starts finds this in its way.
CREATE UNIQUE INDEX rebalances_active ON rebalances ((true)) WHERE state IN ('running', 'paused');
CREATE INDEX rebalances_created ON rebalances (created_at);

-- No reference to chunks: a file that is deleted leaves its moves, and they are skipped.
CREATE TABLE rebalance_moves (
    rebalance_id  uuid NOT NULL REFERENCES rebalances ON DELETE CASCADE,
    chunk_id      uuid NOT NULL,
    from_server   uuid NOT NULL,
    to_server     uuid NOT NULL,
    bytes         bigint NOT NULL CHECK (bytes >= 0),
    state         text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'copying', 'done', 'skipped', 'failed')),
    -- Why it was skipped or failed.
    reason        text,
    PRIMARY KEY (rebalance_id, chunk_id)
);

CREATE INDEX rebalance_moves_open ON rebalance_moves (rebalance_id, state, chunk_id) WHERE state IN ('pending', 'copying');

-- What each server has before, and what it would have after every move.
CREATE TABLE rebalance_servers (
    rebalance_id   uuid NOT NULL REFERENCES rebalances ON DELETE CASCADE,
    server_id      uuid NOT NULL,
    copies_before  bigint NOT NULL,
    bytes_before   bigint NOT NULL,
    copies_after   bigint NOT NULL,
    bytes_after    bigint NOT NULL,
    PRIMARY KEY (rebalance_id, server_id)
);
