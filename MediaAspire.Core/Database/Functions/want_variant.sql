-- Asks for a variant of an image or of an object. The outcome is 'made', 'failed' with a reason, 'waiting' when others have asked,
-- 'added' when the caller has to enqueue the job of the work, 'busy' when too many are asked for, or 'gone' when the source is deleted.
CREATE OR REPLACE FUNCTION want_variant(
    new_work uuid, wanted_image uuid, wanted_object text, wanted_variant text, urgent boolean, most integer, most_of_source integer,
    lost_after interval, lifetime interval, OUT outcome text, OUT work uuid, OUT code text, OUT message text)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    known image_variant_work%ROWTYPE;
    pending bigint;
    pending_of_source bigint;
BEGIN
    -- The row is locked before the variants are looked at: a worker that stores one deletes the row in the same transaction.
    SELECT * INTO known FROM image_variant_work w
    WHERE w.source = coalesce(wanted_image::text, wanted_object) AND w.variant = wanted_variant FOR UPDATE;
    IF EXISTS (SELECT FROM image_variants v WHERE v.image_id = wanted_image AND v.variant = wanted_variant)
        OR EXISTS (SELECT FROM image_variants v WHERE v.object_key = wanted_object AND v.variant = wanted_variant) THEN
        outcome := 'made';
        RETURN;
    END IF;

    IF known.failure_code IS NOT NULL AND known.expires_at > now() THEN
        outcome := 'failed';
        code := known.failure_code;
        message := known.failure_message;
        RETURN;
    END IF;

    work := known.work_id;
    IF known.work_id IS NOT NULL AND known.failure_code IS NULL THEN
        -- A job that did not begin in time may be lost; the queue keeps one job of a key, so asking for it again makes no second one.
        IF (urgent AND NOT known.is_urgent)
            OR (known.requested_at < now() - lost_after AND (known.claimed_until IS NULL OR known.claimed_until < now())) THEN
            UPDATE image_variant_work w
            SET is_urgent = w.is_urgent OR urgent, requested_at = now(), expires_at = now() + lifetime WHERE w.work_id = known.work_id;
            outcome := 'added';
        ELSE
            outcome := 'waiting';
        END IF;
        RETURN;
    END IF;

    IF urgent THEN
        SELECT count(*), count(*) FILTER (WHERE w.source = coalesce(wanted_image::text, wanted_object))
        INTO pending, pending_of_source FROM image_variant_work w WHERE w.failure_code IS NULL AND w.is_urgent;
        IF pending >= most OR pending_of_source >= most_of_source THEN
            outcome := 'busy';
            RETURN;
        END IF;
    END IF;

    work := NULL;
    INSERT INTO image_variant_work AS w (work_id, image_id, object_key, variant, is_urgent, expires_at)
    VALUES (new_work, wanted_image, wanted_object, wanted_variant, urgent, now() + lifetime)
    ON CONFLICT (source, variant) DO UPDATE
    SET work_id = excluded.work_id, is_urgent = excluded.is_urgent, requested_at = now(), claimed_by = NULL, claimed_until = NULL,
        attempts = 0, failure_code = NULL, failure_message = NULL, expires_at = excluded.expires_at
    WHERE w.failure_code IS NOT NULL AND w.expires_at <= now()
    RETURNING w.work_id INTO work;
    IF work IS NOT NULL THEN
        outcome := 'added';
        RETURN;
    END IF;

    SELECT w.work_id INTO work FROM image_variant_work w
    WHERE w.source = coalesce(wanted_image::text, wanted_object) AND w.variant = wanted_variant;
    outcome := CASE WHEN work IS NULL THEN 'made' ELSE 'waiting' END;
EXCEPTION WHEN foreign_key_violation THEN
    outcome := 'gone';
END
$$;
