-- Variants that are wanted and not made yet, and those that could not be made.
CREATE TABLE image_variant_work (
    work_id          uuid PRIMARY KEY,
    image_id         uuid REFERENCES images ON DELETE CASCADE,
    object_key       text COLLATE "C" REFERENCES media_objects ON DELETE CASCADE,
    -- Either of them, so that one index serves both.
    source           text COLLATE "C" NOT NULL GENERATED ALWAYS AS (coalesce(image_id::text, object_key)) STORED,
    variant          text COLLATE "C" NOT NULL CHECK (octet_length(variant) BETWEEN 1 AND 1000),
    -- Whether a request waits for it; otherwise it is made ahead.
    is_urgent        boolean NOT NULL,
    requested_at     timestamptz NOT NULL DEFAULT now(),
    -- The job that makes it, and the time until which no other job may.
    claimed_by       uuid,
    claimed_until    timestamptz,
    attempts         integer NOT NULL DEFAULT 0,
    -- The reason why it could not be made. Until the expiry nobody tries again.
    failure_code     text COLLATE "C",
    failure_message  text,
    expires_at       timestamptz NOT NULL,
    CHECK (num_nonnulls(image_id, object_key) = 1),
    UNIQUE (source, variant)
);
CREATE INDEX image_variant_work_image ON image_variant_work (image_id) WHERE image_id IS NOT NULL;
CREATE INDEX image_variant_work_object ON image_variant_work (object_key) WHERE object_key IS NOT NULL;
CREATE INDEX image_variant_work_expiry ON image_variant_work (expires_at);
CREATE INDEX image_variant_work_pending ON image_variant_work (requested_at) WHERE failure_code IS NULL;
