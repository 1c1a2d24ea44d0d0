-- Reading every copy back, server by server. Times are the database's.

CREATE TABLE scrubs (
    scrub_id     uuid PRIMARY KEY,
    trigger      text NOT NULL CHECK (trigger IN ('scheduled', 'command')),
    state        text NOT NULL CHECK (state IN ('running', 'paused', 'cancelled', 'completed')),
    started_at   timestamptz NOT NULL DEFAULT now(),
    -- When a scheduled run is to be through: its reading is spread up to here. NULL means as fast as allowed.
    due_at       timestamptz,
    finished_at  timestamptz,
    CHECK ((finished_at IS NOT NULL) = (state IN ('cancelled', 'completed')))
);

-- At most one that is not finished.
CREATE UNIQUE INDEX scrubs_open ON scrubs ((true)) WHERE state IN ('running', 'paused');
CREATE INDEX scrubs_started ON scrubs (started_at DESC);

-- How far a run has come on each server. Counts and cursor change together, so a run that is cut off counts nothing twice.
CREATE TABLE scrub_progress (
    scrub_id         uuid NOT NULL REFERENCES scrubs ON DELETE CASCADE,
    -- No reference: the record outlives the server.
    server_id        uuid NOT NULL,
    -- Every copy up to this chunk has been dealt with.
    after_chunk      uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    -- Copies and bytes there were when the run began.
    copies_expected  bigint NOT NULL,
    bytes_expected   bigint NOT NULL,
    copies           bigint NOT NULL DEFAULT 0,
    bytes            bigint NOT NULL DEFAULT 0,
    -- What was found among `copies`; the others were intact.
    corrupt          bigint NOT NULL DEFAULT 0,
    missing          bigint NOT NULL DEFAULT 0,
    unreachable      bigint NOT NULL DEFAULT 0,
    is_done          boolean NOT NULL DEFAULT false,
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scrub_id, server_id)
);
