-- SQLite only: what a phone sent and how it was answered cannot be rewritten, and goes only when it was
-- accepted and the phone has confirmed the answer.
CREATE TRIGGER commands_no_update BEFORE UPDATE OF device_id, n, body_hash, envelope, received_at_ms,
  occurred_at_ms, chain ON commands
BEGIN SELECT RAISE(ABORT, 'commands are append-only'); END;
CREATE TRIGGER commands_no_verdict BEFORE UPDATE OF outcome, code ON commands
WHEN old.outcome <> 'quarantined' -- which a person may have tried again
BEGIN SELECT RAISE(ABORT, 'commands are append-only'); END;
CREATE TRIGGER commands_no_delete BEFORE DELETE ON commands
WHEN old.outcome <> 'accepted'
  OR old.n > (SELECT d.acked_n FROM devices d WHERE d.id = old.device_id)
BEGIN SELECT RAISE(ABORT, 'commands are append-only'); END;
