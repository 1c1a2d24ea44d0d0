-- Records an event of a version for each target that the bucket's rules tell of it, and wakes the senders. The caller holds the key's lock,
-- so that the sequence numbers of a key have the order of its changes.
CREATE OR REPLACE FUNCTION record_event(
    bucket uuid, event_name text, object_key text, version uuid, is_null_version boolean, bytes bigint, tag text)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    added record;
BEGIN
    FOR added IN
        INSERT INTO notification_events (
            target, rule_id, event, bucket_id, bucket_name, bucket_owner, region, key, version_id, is_null, size, etag)
        SELECT DISTINCT ON (r.target) r.target, r.id, event_name, bucket, b.name, b.owner_id, b.region, object_key, version,
            is_null_version, bytes, tag
        FROM buckets b CROSS JOIN LATERAL json_to_recordset(b.notifications -> 'rules')
            AS r (id text, target text, events jsonb, prefix text, suffix text)
        WHERE b.bucket_id = bucket
            AND r.events ?| ARRAY[event_name, substring(event_name FROM '^s3:[A-Za-z]+:') || '*']
            AND starts_with(object_key, r.prefix) AND right(object_key, length(r.suffix)) = r.suffix
        ORDER BY r.target
        RETURNING target, sequence
    LOOP
        -- While others are pending, the sender comes back by itself: NOTIFY would make the commits of all writers wait for each other.
        IF NOT EXISTS (
            SELECT FROM notification_events p
            WHERE p.target = added.target AND p.state = 'pending' AND p.sequence < added.sequence) THEN
            -- DutySignals.Channel, and the name that DutyNames.NotificationsTo() makes.
            PERFORM pg_notify('duty_wanted', 'notifications:' || added.target);
        END IF;
    END LOOP;
END
$$;
