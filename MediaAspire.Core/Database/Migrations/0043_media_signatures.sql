-- Signatures of 320 bits, which the process computes that writes an item; see ADR 22. All bits set are right for any item.

-- The indexes that have the old column go with it.
ALTER TABLE media_listing DROP COLUMN signature;
ALTER TABLE media DROP COLUMN signature;
DROP FUNCTION IF EXISTS media_signature;
DELETE FROM schema_functions WHERE name = 'media_signature';

ALTER TABLE media
    ADD terms_low bigint NOT NULL DEFAULT -1, ADD terms_high bigint NOT NULL DEFAULT -1,
    ADD name_text bigint NOT NULL DEFAULT -1, ADD text_low bigint NOT NULL DEFAULT -1, ADD text_high bigint NOT NULL DEFAULT -1;
ALTER TABLE media_listing
    ADD terms_low bigint NOT NULL DEFAULT -1, ADD terms_high bigint NOT NULL DEFAULT -1,
    ADD name_text bigint NOT NULL DEFAULT -1, ADD text_low bigint NOT NULL DEFAULT -1, ADD text_high bigint NOT NULL DEFAULT -1,
    -- In no index, as the status.
    ADD updated_at timestamptz;
UPDATE media_listing l SET updated_at = m.updated_at FROM media m WHERE m.media_id = l.media_id;
ALTER TABLE media_listing ALTER updated_at SET NOT NULL;

CREATE INDEX media_updated ON media (updated_at, media_id)
    INCLUDE (access, kind, created_at, size, width, height, terms_low, terms_high, name_text, text_low, text_high)
    WHERE status <> 1 AND removed_at IS NULL AND NOT is_unlisted AND NOT is_temporary;
CREATE INDEX media_owner_updated ON media (owner, updated_at, media_id)
    INCLUDE (access, kind, created_at, size, width, height, terms_low, terms_high, name_text, text_low, text_high)
    WHERE status <> 1 AND removed_at IS NULL AND NOT is_unlisted AND NOT is_temporary;
CREATE INDEX media_listing_created ON media_listing (created_at, media_id)
    INCLUDE (access, kind, size, width, height, terms_low, terms_high, name_text, text_low, text_high);
CREATE INDEX media_listing_owner_created ON media_listing (owner, created_at, media_id)
    INCLUDE (access, kind, size, width, height, terms_low, terms_high, name_text, text_low, text_high);
CREATE INDEX media_listing_uploaded ON media_listing (uploaded_at, media_id)
    INCLUDE (access, kind, created_at, size, width, height, terms_low, terms_high, name_text, text_low, text_high);
CREATE INDEX media_listing_owner_uploaded ON media_listing (owner, uploaded_at, media_id)
    INCLUDE (access, kind, created_at, size, width, height, terms_low, terms_high, name_text, text_low, text_high);
CREATE INDEX media_listing_size ON media_listing (size, media_id)
    INCLUDE (access, kind, created_at, width, height, terms_low, terms_high, name_text, text_low, text_high);
CREATE INDEX media_listing_owner_size ON media_listing (owner, size, media_id)
    INCLUDE (access, kind, created_at, width, height, terms_low, terms_high, name_text, text_low, text_high);
CREATE INDEX media_listing_kind_size ON media_listing (kind, size, media_id)
    INCLUDE (access, created_at, width, height, terms_low, terms_high, name_text, text_low, text_high);
CREATE INDEX media_listing_owner_kind_size ON media_listing (owner, kind, size, media_id)
    INCLUDE (access, created_at, width, height, terms_low, terms_high, name_text, text_low, text_high);
CREATE INDEX media_listing_name ON media_listing (name_key, media_id)
    INCLUDE (access, kind, created_at, size, width, height, terms_low, terms_high, name_text, text_low, text_high);
CREATE INDEX media_listing_owner_name ON media_listing (owner, name_key, media_id)
    INCLUDE (access, kind, created_at, size, width, height, terms_low, terms_high, name_text, text_low, text_high);
