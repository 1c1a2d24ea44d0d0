-- The owners of keys, files, buckets and objects. A row exists before anything refers to the owner.

CREATE TABLE owners (
    -- Compared byte by byte.
    owner_id      text COLLATE "C" PRIMARY KEY CHECK (octet_length(owner_id) BETWEEN 1 AND 128),
    -- For people.
    display_name  text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now()
);

-- Until now an owner existed by its access keys only.
INSERT INTO owners (owner_id, display_name, created_at)
SELECT DISTINCT ON (owner_id) owner_id, display_name, created_at FROM access_keys ORDER BY owner_id, created_at, access_key_id;

INSERT INTO owners (owner_id, display_name) SELECT DISTINCT owner_id, owner_id FROM buckets ON CONFLICT DO NOTHING;
