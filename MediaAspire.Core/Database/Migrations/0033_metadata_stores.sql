-- The copy of the catalog in Redis. Its values belong to a generation, and are read only while this row says that the generation is hot.
-- docs/adr/0023-media-in-redis.md has the protocol and its proof.
CREATE TABLE metadata_generation (
    is_only      boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    generation   bigint NOT NULL DEFAULT 0,
    -- Names the keys of the generation, and stands in the text of its script.
    nonce        text COLLATE "C" NOT NULL DEFAULT '',
    mode         text COLLATE "C" NOT NULL DEFAULT 'bypass' CHECK (mode IN ('hot', 'bypass')),
    -- Why the generation was closed.
    reason       text NOT NULL DEFAULT 'Redis has not been used yet.',
    -- The run of the database server on which the generation was opened. A restored or restarted database is another one.
    server_run   text NOT NULL DEFAULT '',
    changed_at   timestamptz NOT NULL DEFAULT now()
);
INSERT INTO metadata_generation DEFAULT VALUES;

-- Comparisons and rebuilds of the two stores, of which the worker runs one at a time. A fill is a comparison that puts what is missing into
-- Redis; the worker requests it by itself.
CREATE TABLE metadata_runs (
    run_id        uuid PRIMARY KEY,
    kind          text COLLATE "C" NOT NULL CHECK (kind IN ('compare', 'fill', 'to-redis', 'to-postgres')),
    state         text COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    -- For an import: the nonce of the generation to import from, and whether anything is written.
    source        text COLLATE "C",
    is_dry_run    boolean NOT NULL DEFAULT false,
    requested_at  timestamptz NOT NULL DEFAULT now(),
    started_at    timestamptz,
    ended_at      timestamptz,
    items_total   bigint NOT NULL DEFAULT 0,
    items_done    bigint NOT NULL DEFAULT 0,
    -- Counts by outcome, and a few ids of each.
    counts        jsonb NOT NULL DEFAULT '{}',
    examples      jsonb NOT NULL DEFAULT '[]',
    error         text
);
CREATE INDEX metadata_runs_requested ON metadata_runs (requested_at);
CREATE UNIQUE INDEX metadata_runs_one ON metadata_runs (kind) WHERE state IN ('waiting', 'running');

-- Sessions that write to both stores say so in their settings. A write of any other one, such as an operator's by hand or that of a process
-- with other settings, closes the generation.
CREATE FUNCTION close_metadata_generation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER media_closes_generation AFTER UPDATE OR DELETE ON media FOR EACH STATEMENT
    WHEN (current_setting('mediaaspire.stores', true) IS DISTINCT FROM 'redis+postgres')
    EXECUTE FUNCTION close_metadata_generation();
