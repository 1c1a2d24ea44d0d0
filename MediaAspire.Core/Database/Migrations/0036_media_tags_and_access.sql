-- The counts and names of tags, and the objects whose access control lists may differ from the access of their items.

-- The object store gives every object of the item to anyone.
ALTER TABLE media ADD COLUMN has_public_objects boolean NOT NULL DEFAULT false;

-- Objects of which the public access may have to change in the store.
CREATE TABLE media_object_access (
    object_key    text COLLATE "C" PRIMARY KEY,
    -- Grows with each reason, so that one that comes while the last one is applied is not lost.
    generation    bigint NOT NULL DEFAULT 1,
    -- The store has followed, and the items are still to be told.
    is_applied    boolean NOT NULL DEFAULT false,
    due_at        timestamptz NOT NULL DEFAULT now(),
    attempts      integer NOT NULL DEFAULT 0,
    error         text
);
CREATE INDEX media_object_access_due ON media_object_access (due_at);

CREATE FUNCTION queue_media_access() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER media_queues_access AFTER UPDATE ON media FOR EACH ROW
    WHEN ((OLD.is_public AND OLD.removed_at IS NULL AND OLD.status > 1)
        IS DISTINCT FROM (NEW.is_public AND NEW.removed_at IS NULL AND NEW.status > 1))
    EXECUTE FUNCTION queue_media_access();
-- Before the deletion, the item has its parts still.
CREATE TRIGGER media_queues_access_of_deleted BEFORE DELETE ON media FOR EACH ROW
    WHEN (OLD.is_public AND OLD.removed_at IS NULL AND OLD.status > 1) EXECUTE FUNCTION queue_media_access();

CREATE FUNCTION queue_part_access() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER media_parts_queue_access AFTER INSERT OR UPDATE OF object_key ON media_parts FOR EACH ROW
    EXECUTE FUNCTION queue_part_access();

-- The tags that an owner has created, with or without items.
CREATE TABLE tags (
    owner         text COLLATE "C" NOT NULL CHECK (char_length(owner) BETWEEN 1 AND 78),
    tag           text COLLATE "C" NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, tag)
);
CREATE INDEX tags_tag ON tags (tag);

-- The number of an owner's items with a tag: those that are neither unlisted nor in the trash. It is the sum of the rows of both tables;
-- the duty `tags` folds the second into the first. The empty owner stands for all owners together, in the first table only.
CREATE TABLE tag_usage (
    owner         text COLLATE "C" NOT NULL,
    tag           text COLLATE "C" NOT NULL,
    items         bigint NOT NULL,
    PRIMARY KEY (owner, tag)
);
CREATE INDEX tag_usage_empty ON tag_usage (owner, tag) WHERE items = 0;
-- A transaction inserts its changes and waits for no other one.
CREATE TABLE tag_deltas (
    owner         text COLLATE "C" NOT NULL,
    tag           text COLLATE "C" NOT NULL,
    items         bigint NOT NULL
);
CREATE INDEX tag_deltas_owner ON tag_deltas (owner, tag);
CREATE INDEX tag_deltas_tag ON tag_deltas (tag);

INSERT INTO tag_deltas (owner, tag, items)
SELECT m.owner, t.tag, count(*) FROM media m CROSS JOIN LATERAL unnest(m.tags) AS t (tag)
WHERE m.removed_at IS NULL AND NOT m.is_unlisted GROUP BY 1, 2;

CREATE FUNCTION count_tags() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER media_counts_tags_of_new AFTER INSERT ON media FOR EACH ROW
    WHEN (NEW.tags <> '{}' AND NEW.removed_at IS NULL AND NOT NEW.is_unlisted) EXECUTE FUNCTION count_tags();
CREATE TRIGGER media_counts_tags AFTER UPDATE ON media FOR EACH ROW
    WHEN ((OLD.tags, OLD.owner, OLD.removed_at IS NULL, OLD.is_unlisted)
        IS DISTINCT FROM (NEW.tags, NEW.owner, NEW.removed_at IS NULL, NEW.is_unlisted))
    EXECUTE FUNCTION count_tags();
CREATE TRIGGER media_counts_tags_of_deleted AFTER DELETE ON media FOR EACH ROW
    WHEN (OLD.tags <> '{}' AND OLD.removed_at IS NULL AND NOT OLD.is_unlisted) EXECUTE FUNCTION count_tags();

-- Renames and deletions of tags that many items have, while a job applies them.
CREATE TABLE tag_changes (
    change_id     uuid PRIMARY KEY,
    owner         text COLLATE "C" NOT NULL,
    tag           text COLLATE "C" NOT NULL,
    -- NULL for a deletion.
    new_tag       text COLLATE "C",
    -- The items that had the tag when the change began, and those that were changed.
    total         bigint NOT NULL,
    done          bigint NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL DEFAULT now(),
    -- The last progress; a job that was lost is enqueued again some time after it.
    changed_at    timestamptz NOT NULL DEFAULT now(),
    finished_at   timestamptz
);
CREATE INDEX tag_changes_running ON tag_changes (changed_at) WHERE finished_at IS NULL;
CREATE INDEX tag_changes_finished ON tag_changes (finished_at) WHERE finished_at IS NOT NULL;
