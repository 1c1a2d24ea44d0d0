-- Lists of the links of an owner. An item keeps its owner for ever.
ALTER TABLE media_shares ADD owner text COLLATE "C";
UPDATE media_shares s SET owner = m.owner FROM media m WHERE m.media_id = s.media_id;
ALTER TABLE media_shares ALTER owner SET NOT NULL;
CREATE INDEX media_shares_owner ON media_shares (owner, share_id);

-- Each new link removes some that have expired.
CREATE INDEX media_shares_expiry ON media_shares (expires_at);
