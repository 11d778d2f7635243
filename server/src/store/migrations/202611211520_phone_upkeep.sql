-- Upkeep of what phones leave: how far a device's stored answers were compacted, which file a
-- quarantined manifest names, and the leave entries in the order of their age.
ALTER TABLE devices ADD COLUMN compacted_n BIGINT NOT NULL DEFAULT 0; -- answers up to here were looked at
ALTER TABLE quarantine ADD COLUMN sha256 TEXT;        -- of the file, when the command is a manifest
ALTER TABLE quarantine ADD COLUMN taken_at_ms BIGINT; -- when that file was taken, on the server's clock
CREATE INDEX quarantine_file ON quarantine (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX feed_leaves ON feed (at_ms, scope) WHERE op = 'leave';
