-- Notifications of buckets: events are written in the transaction that writes or removes a version, and a worker sends them.

-- The rules of the bucket, {"rules": [{id, target, events, prefix, suffix}]}; NULL where nothing is to be told.
ALTER TABLE buckets ADD COLUMN notifications json;

-- One row for an event and a target. Rows leave the table by their age and number, see NotificationRetention.
CREATE TABLE notification_events (
    -- Given out under the lock of the object's key, so the events of a key have the order of its changes.
    sequence      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- A name in the operator's settings, which may be gone.
    target        text COLLATE "C" NOT NULL,
    state         text COLLATE "C" NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
    -- The rule that wanted the event.
    rule_id       text NOT NULL,
    -- Such as s3:ObjectCreated:Put.
    event         text COLLATE "C" NOT NULL,
    -- The bucket as it was: it may be deleted before the event is sent.
    bucket_id     uuid NOT NULL,
    bucket_name   text COLLATE "C" NOT NULL,
    bucket_owner  text COLLATE "C" NOT NULL,
    region        text NOT NULL,
    key           text COLLATE "C" NOT NULL,
    version_id    uuid NOT NULL,
    is_null       boolean NOT NULL,
    size          bigint NOT NULL,
    etag          text NOT NULL,
    occurred_at   timestamptz NOT NULL DEFAULT now(),
    -- The next attempt of a pending one, the end of the others.
    due_at        timestamptz NOT NULL DEFAULT now(),
    -- Attempts that the target refused.
    attempts      integer NOT NULL DEFAULT 0,
    error         text
) WITH (autovacuum_vacuum_scale_factor = 0.02); -- Each row changes once, and readers start at the oldest pending one.

CREATE INDEX notification_events_state ON notification_events (target, state, sequence);
-- The events of a key before one of its events.
CREATE INDEX notification_events_key ON notification_events (target, bucket_id, key, sequence) WHERE state = 'pending';

-- The state of each target that events were sent to.
CREATE TABLE notification_targets (
    target         text COLLATE "C" PRIMARY KEY,
    -- Failures in a row of the target as a whole, and the time of the next attempt.
    failures       integer NOT NULL DEFAULT 0,
    retry_at       timestamptz,
    failing_since  timestamptz,
    error          text,
    delivered_at   timestamptz,
    -- Events that were removed undelivered, because they were too old or too many.
    lost           bigint NOT NULL DEFAULT 0
);
