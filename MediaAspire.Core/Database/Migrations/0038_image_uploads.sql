-- Objects of the store are looked up by their keys: before one is deleted, and when the store is audited.
CREATE UNIQUE INDEX image_blobs_object ON image_blobs (object_key) WHERE object_key IS NOT NULL;

-- The aliases of an owner, the newest first.
CREATE INDEX image_aliases_owner ON image_aliases (owner, created_at DESC, alias DESC);

-- Uploads whose job may be lost.
CREATE INDEX image_uploads_waiting ON image_uploads (created_at) WHERE state = 'waiting';

-- The size of the original, which the alias counts to its owner's quota with. The image's row may be gone before.
ALTER TABLE image_aliases ADD COLUMN size bigint NOT NULL DEFAULT 0;
CREATE FUNCTION charge_image_alias() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER image_aliases_charge_insert AFTER INSERT ON image_aliases
    FOR EACH ROW WHEN (NEW.owner IS NOT NULL) EXECUTE FUNCTION charge_image_alias();
CREATE TRIGGER image_aliases_charge_delete AFTER DELETE ON image_aliases
    FOR EACH ROW WHEN (OLD.owner IS NOT NULL) EXECUTE FUNCTION charge_image_alias();

-- Runs that look for images whose bytes are missing.
CREATE TABLE image_prunes (
    prune_id      uuid PRIMARY KEY,
    state         text COLLATE "C" NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    is_dry_run    boolean NOT NULL,
    -- The images to look at, and those that were looked at.
    total         bigint NOT NULL,
    done          bigint NOT NULL DEFAULT 0,
    missing       bigint NOT NULL DEFAULT 0,
    -- The last image that was looked at.
    position      uuid,
    error         text,
    started_at    timestamptz NOT NULL DEFAULT now(),
    progress_at   timestamptz NOT NULL DEFAULT now(),
    ended_at      timestamptz
);
CREATE UNIQUE INDEX image_prunes_running ON image_prunes ((true)) WHERE state = 'running';
