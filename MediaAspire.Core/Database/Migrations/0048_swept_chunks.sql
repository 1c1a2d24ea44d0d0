-- Chunks that a sweep may have deleted. A commit that comes later, from a process that stood still for longer than the grace, must not make
-- them a file's: ids are never used again.
CREATE TABLE swept_chunks (
    chunk_id uuid PRIMARY KEY,
    swept_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX swept_chunks_age ON swept_chunks (swept_at);
