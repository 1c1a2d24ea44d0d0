-- Items that a duty's planner has put into the job queue, so that it puts in no more than a window, and puts in again what the queue lost.
-- A row goes when its item is done.
CREATE TABLE duty_items (
    duty     text NOT NULL,
    -- What it is about; no reference, because items outlive what they are about.
    item     uuid NOT NULL,
    -- Its job, under the same id however often it is put in, so that the queue does not double it.
    job_id   uuid NOT NULL,
    -- Times that it was put in.
    tries    integer NOT NULL DEFAULT 1,
    -- Nothing could be done for it now; its job has ended.
    resting  boolean NOT NULL DEFAULT false,
    -- When the planner may put it in again.
    due_at   timestamptz NOT NULL,
    PRIMARY KEY (duty, item)
);

-- Bytes that copies have begun with and that have not had their time at the duty's rate yet, as of a moment. All workers share it.
CREATE TABLE copy_rates (
    duty   text PRIMARY KEY,
    owed   double precision NOT NULL CHECK (owed >= 0),
    as_of  timestamptz NOT NULL
);
