-- Work for later, where Jobs:Provider is Postgres. A job that is done is deleted.
CREATE TABLE jobs (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL,
    -- 0 is the most urgent.
    priority     smallint NOT NULL,
    -- When the job is due. While a worker has it: when its lease ends, which makes it due again without anybody's doing.
    run_at       timestamptz NOT NULL,
    -- A worker has it, or had it when it died.
    running      boolean NOT NULL DEFAULT false,
    -- Grows each time that a worker takes the job; what a worker does with the job checks it.
    claim        bigint NOT NULL DEFAULT 0,
    -- Claims that count: those given back unrun do not.
    attempts     integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL,
    unique_key   text,
    payload      json NOT NULL,
    trace_parent text,
    last_error   text,
    enqueued_at  timestamptz NOT NULL DEFAULT now()
) WITH (
    -- A job's row is written twice or thrice and deleted within seconds, so versions of a row should find room beside each other, and
    -- dead ones be cleared by number: a share of a table that is sometimes empty and sometimes long says nothing.
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 20000
);

-- The claim's order. Leases stand in it behind what is due, so that an expired one needs no search of its own.
CREATE INDEX jobs_due ON jobs (kind, priority, run_at, id);

CREATE UNIQUE INDEX jobs_waiting_key ON jobs (kind, unique_key) WHERE unique_key IS NOT NULL AND NOT running;

-- Jobs that failed for good.
CREATE TABLE dead_jobs (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL,
    priority     smallint NOT NULL,
    attempts     integer NOT NULL,
    max_attempts integer NOT NULL,
    unique_key   text,
    payload      json NOT NULL,
    trace_parent text,
    error        text NOT NULL,
    enqueued_at  timestamptz NOT NULL,
    died_at      timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX dead_jobs_kind ON dead_jobs (kind);
