-- One-time enrolment codes (登记码): whose phone the next one becomes. Only the hash of the token is kept;
-- a code that was used or replaced is a row that is gone, its history is in the audit log.
CREATE TABLE enrol_codes (
  token_hash TEXT PRIMARY KEY,             -- SHA-256 of the token, hexadecimal
  staff_id TEXT NOT NULL REFERENCES staff (id),
  created_at_ms BIGINT NOT NULL,
  expires_at_ms BIGINT NOT NULL
);
CREATE INDEX enrol_codes_staff ON enrol_codes (staff_id);
CREATE INDEX enrol_codes_expiry ON enrol_codes (expires_at_ms);
