-- Limits of single keys; NULL for those of the settings.

ALTER TABLE api_keys
    ADD COLUMN requests_per_second  double precision CHECK (requests_per_second > 0),
    ADD COLUMN burst                integer CHECK (burst > 0),
    ADD COLUMN max_concurrent       integer CHECK (max_concurrent > 0),
    ADD CONSTRAINT api_keys_burst_of_rate CHECK (burst IS NULL OR requests_per_second IS NOT NULL);

ALTER TABLE access_keys
    ADD COLUMN requests_per_second  double precision CHECK (requests_per_second > 0),
    ADD COLUMN burst                integer CHECK (burst > 0),
    ADD COLUMN max_concurrent       integer CHECK (max_concurrent > 0),
    ADD CONSTRAINT access_keys_burst_of_rate CHECK (burst IS NULL OR requests_per_second IS NOT NULL);

-- Every process of the API reads all limits every few seconds.
CREATE INDEX api_keys_limited ON api_keys (key_id) WHERE requests_per_second IS NOT NULL OR max_concurrent IS NOT NULL;
CREATE INDEX access_keys_limited ON access_keys (access_key_id) WHERE requests_per_second IS NOT NULL OR max_concurrent IS NOT NULL;
