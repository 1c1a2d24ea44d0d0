-- The storage servers and the ring that they stand on.

CREATE TABLE storage_servers (
    server_id        uuid PRIMARY KEY,
    name             text NOT NULL,
    grpc_address     text NOT NULL,
    status           text NOT NULL CHECK (status IN ('online', 'offline', 'draining', 'removed')),
    available_space  bigint NOT NULL CHECK (available_space >= 0),
    used_space       bigint NOT NULL CHECK (used_space >= 0),
    chunk_count      bigint NOT NULL DEFAULT 0 CHECK (chunk_count >= 0),
    registered_at    timestamptz NOT NULL DEFAULT now(),
    -- Always the database's clock: a server whose clock is wrong does no harm.
    last_heartbeat   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE hash_ring_nodes (
    node_id             uuid PRIMARY KEY,
    server_id           uuid NOT NULL REFERENCES storage_servers ON DELETE CASCADE,
    virtual_node_index  integer NOT NULL CHECK (virtual_node_index >= 0),
    -- An XXH64 reinterpreted as signed. Never ORDER BY or compare it in SQL: the ring's order is unsigned.
    hash_value          bigint NOT NULL,
    UNIQUE (server_id, virtual_node_index)
);
