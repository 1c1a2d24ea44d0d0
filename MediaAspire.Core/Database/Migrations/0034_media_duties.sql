-- What processing, the duties and the report of the media catalog need.

-- The attempt at processing that runs, the job that makes it, and the time when another job may take its place.
ALTER TABLE media
    ADD COLUMN attempt_id uuid,
    ADD COLUMN attempt_job uuid,
    ADD COLUMN attempt_until timestamptz,
    ADD CONSTRAINT media_attempt_is_whole
        CHECK ((attempt_id IS NULL) = (attempt_job IS NULL) AND (attempt_id IS NULL) = (attempt_until IS NULL));

-- The duty walks over these in the order of their ids.
CREATE INDEX media_pending ON media (media_id) WHERE status = 1;
CREATE INDEX media_in_processing ON media (media_id) WHERE status IN (2, 4);

-- The runs of the duty that looks after uploads, the newest ones.
CREATE TABLE media_syncs (
    run_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- NULL while it runs, and for good when its worker was killed.
    ended_at    timestamptz,
    -- Pending items that were compared with the object store, and what became of them.
    examined    bigint NOT NULL DEFAULT 0,
    finished    bigint NOT NULL DEFAULT 0,
    verifying   bigint NOT NULL DEFAULT 0,
    refused     bigint NOT NULL DEFAULT 0,
    -- Items that could not be compared, because the store or the database failed.
    faults      bigint NOT NULL DEFAULT 0,
    -- Items that were removed at their end, and after the trash's retention.
    expired     bigint NOT NULL DEFAULT 0,
    emptied     bigint NOT NULL DEFAULT 0,
    -- Items whose processing was enqueued again.
    requeued    bigint NOT NULL DEFAULT 0
);

-- The number and the bytes of items by owner, kind, access and state. The sum of the totals and of the deltas is exact in any snapshot:
-- each change of an item adds its deltas in its own transaction, and a duty folds them into the totals. So no row is hot.
CREATE TABLE media_usage (
    owner      text COLLATE "C" NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    is_public  boolean NOT NULL,
    -- As media_usage_state() returns it.
    state      smallint NOT NULL,
    -- May be below zero until all deltas are folded.
    items      bigint NOT NULL,
    bytes      bigint NOT NULL,
    PRIMARY KEY (owner, kind, is_public, state)
);

CREATE TABLE media_usage_deltas (
    owner      text COLLATE "C" NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    is_public  boolean NOT NULL,
    state      smallint NOT NULL,
    items      bigint NOT NULL,
    bytes      bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX media_usage_deltas_owner ON media_usage_deltas (owner);

CREATE FUNCTION count_media() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER media_counts_new AFTER INSERT ON media FOR EACH ROW EXECUTE FUNCTION count_media();
CREATE TRIGGER media_counts_deleted AFTER DELETE ON media FOR EACH ROW EXECUTE FUNCTION count_media();
CREATE TRIGGER media_counts_changed AFTER UPDATE ON media FOR EACH ROW
    WHEN ((OLD.owner, OLD.kind, OLD.is_public, OLD.status = 1, OLD.removed_at IS NULL, OLD.size)
        IS DISTINCT FROM (NEW.owner, NEW.kind, NEW.is_public, NEW.status = 1, NEW.removed_at IS NULL, NEW.size))
    EXECUTE FUNCTION count_media();

-- The triggers' lock is held until this transaction ends, so nothing is missed or counted twice.
INSERT INTO media_usage
SELECT owner, kind, is_public, CASE WHEN removed_at IS NOT NULL THEN 3 WHEN status = 1 THEN 1 ELSE 2 END, count(*), sum(size)
FROM media GROUP BY 1, 2, 3, 4;
