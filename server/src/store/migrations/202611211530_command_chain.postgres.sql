-- PostgreSQL only: what a phone sent and how it was answered cannot be rewritten, and goes only when it
-- was accepted and the phone has confirmed the answer.
CREATE FUNCTION commands_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.outcome = 'accepted'
    AND OLD.n <= (SELECT d.acked_n FROM devices d WHERE d.id = OLD.device_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'commands are append-only';
END $$;
CREATE TRIGGER commands_no_update BEFORE UPDATE OF device_id, n, body_hash, envelope, received_at_ms,
  occurred_at_ms, chain ON commands
FOR EACH ROW EXECUTE FUNCTION commands_refuse();
CREATE TRIGGER commands_no_verdict BEFORE UPDATE OF outcome, code ON commands
FOR EACH ROW WHEN (OLD.outcome <> 'quarantined') -- which a person may have tried again
EXECUTE FUNCTION commands_refuse();
CREATE TRIGGER commands_no_delete BEFORE DELETE ON commands
FOR EACH ROW EXECUTE FUNCTION commands_refuse();
