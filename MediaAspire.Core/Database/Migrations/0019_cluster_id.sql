-- The identity of this database, copied to the disk of every node that joins: a node never joins another database, and no other database
-- may have a node's chunks deleted. A dump and its restore keep it.
CREATE TABLE cluster (
    single_row  boolean PRIMARY KEY DEFAULT true CHECK (single_row),
    cluster_id  uuid NOT NULL DEFAULT gen_random_uuid(),
    created_at  timestamptz NOT NULL DEFAULT now()
);

INSERT INTO cluster DEFAULT VALUES;
