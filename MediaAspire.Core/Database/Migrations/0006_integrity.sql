-- What is wrong with the stored chunks, found by walks that write down only what they find.

-- Chunks of complete files with fewer live copies than their file asks for. Repair takes its work from here, fewest copies first.
CREATE TABLE endangered_chunks (
    chunk_id  uuid PRIMARY KEY REFERENCES chunks ON DELETE CASCADE,
    -- 0 means that no byte of it can be read: the chunk is lost unless a server comes back.
    live      integer NOT NULL CHECK (live >= 0),
    wanted    integer NOT NULL CHECK (wanted > live),
    bytes     bigint NOT NULL CHECK (bytes >= 0),
    found_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX endangered_chunks_urgency ON endangered_chunks (live, found_at);

-- Whoever finds one wakes repair, and only when it is a new one.
CREATE FUNCTION wake_repair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM found) THEN
        PERFORM pg_notify('duty_wanted', 'repair');
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER endangered_chunks_wake_repair AFTER INSERT ON endangered_chunks
    REFERENCING NEW TABLE AS found FOR EACH STATEMENT EXECUTE FUNCTION wake_repair();

-- How far the walk over chunks has come: one row.
CREATE TABLE integrity_walk (
    single_row    boolean PRIMARY KEY DEFAULT true CHECK (single_row),
    -- The last chunk looked at; null between walks and at the start of one.
    position      uuid,
    seen          bigint NOT NULL DEFAULT 0,
    started_at    timestamptz,
    -- Which servers counted as alive when the walk started; another set means that its findings are out of date.
    cluster       text,
    -- The last walk that reached the end.
    completed_at          timestamptz,
    completed_started_at  timestamptz,
    completed_seen        bigint NOT NULL DEFAULT 0,
    completed_cluster     text
);

INSERT INTO integrity_walk DEFAULT VALUES;

-- Chunks on a server's disk that no row of chunk_replicas knew when they were seen first.
CREATE TABLE untracked_chunks (
    server_id  uuid NOT NULL REFERENCES storage_servers ON DELETE CASCADE,
    chunk_id   uuid NOT NULL,
    bytes      bigint NOT NULL CHECK (bytes >= 0),
    found_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (server_id, chunk_id)
);

-- Files among a server's chunks whose footer is missing or damaged, whether a row knows them or not.
CREATE TABLE damaged_chunks (
    server_id  uuid NOT NULL REFERENCES storage_servers ON DELETE CASCADE,
    chunk_id   uuid NOT NULL,
    bytes      bigint NOT NULL CHECK (bytes >= 0),
    found_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (server_id, chunk_id)
);

-- When each server's disk was last compared with the rows.
CREATE TABLE disk_comparisons (
    server_id   uuid PRIMARY KEY REFERENCES storage_servers ON DELETE CASCADE,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz NOT NULL,
    chunks      bigint NOT NULL CHECK (chunks >= 0)
);

-- Copies to be taken off one server, the oldest first: those on a server that is away are not in the way of the others.
CREATE INDEX chunk_replicas_deleting ON chunk_replicas (server_id, status_since) WHERE status = 'deleting';

-- Uploads that are under way or were given up.
CREATE INDEX files_unfinished ON files (created_at, file_id) WHERE upload_status IN ('pending', 'uploading', 'failed');
