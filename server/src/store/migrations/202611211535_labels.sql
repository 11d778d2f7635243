-- Labels (二维码): signing keys, signed lists, the archive of issued labels with its history, one-time
-- consent codes, and what was proven with them.

CREATE TABLE signing_keys (         -- one row per key pair ever made
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,            -- root, label, consent, revocation
  key_id TEXT NOT NULL,             -- eight hexadecimal characters, as printed
  area_code TEXT NOT NULL,          -- station code it signs for; empty for all
  public_key BLOB NOT NULL,
  sealed_private_key BLOB NOT NULL, -- argon2id + XChaCha20-Poly1305; never in clear
  not_before_day BIGINT NOT NULL,
  not_after_day BIGINT,
  state TEXT NOT NULL,              -- active, rotated, revoked
  created_at_ms BIGINT NOT NULL,
  changed_at_ms BIGINT NOT NULL
);
CREATE INDEX signing_keys_key_id ON signing_keys (key_id);

CREATE TABLE signed_lists (         -- every signed list; the highest serial is in force
  kind TEXT NOT NULL,               -- key_list, revocation_head
  serial BIGINT NOT NULL,
  issued_at_ms BIGINT NOT NULL,
  is_handover BIGINT NOT NULL,      -- names the next root: phones that are behind need it
  body BLOB NOT NULL,
  PRIMARY KEY (kind, serial)
);

CREATE TABLE label_revocations (    -- members of the revocation set; only grows
  hash BIGINT PRIMARY KEY,          -- as signed 64 bit
  label_id TEXT NOT NULL,
  revision BIGINT NOT NULL,         -- 0 = every revision
  serial BIGINT NOT NULL,           -- set it first stood in
  at_ms BIGINT NOT NULL
);
CREATE INDEX label_revocations_serial ON label_revocations (serial);
CREATE INDEX label_revocations_label ON label_revocations (label_id);

CREATE TABLE label_places (         -- meter boxes, poles and transformer areas that carry a label
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,               -- meter_box, pole, transformer_area
  number TEXT NOT NULL,
  area_id TEXT NOT NULL REFERENCES transformer_areas (id),
  station_id TEXT NOT NULL REFERENCES stations (id),
  latitude_e6 BIGINT,
  longitude_e6 BIGINT,
  version BIGINT NOT NULL,
  updated_at_ms BIGINT NOT NULL,
  UNIQUE (area_id, kind, number)
);
CREATE INDEX label_places_station ON label_places (station_id, id);

CREATE TABLE label_place_meters (   -- meters in a box
  place_id TEXT NOT NULL REFERENCES label_places (id),
  meter_id TEXT NOT NULL REFERENCES meters (id),
  PRIMARY KEY (place_id, meter_id)
);
CREATE INDEX label_place_meters_meter ON label_place_meters (meter_id);

ALTER TABLE labels ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE labels ADD COLUMN place_id TEXT REFERENCES label_places (id);
ALTER TABLE labels ADD COLUMN printed_at_ms BIGINT;
ALTER TABLE labels ADD COLUMN grade TEXT;           -- letter of the last scan
ALTER TABLE labels ADD COLUMN graded_at_ms BIGINT;
ALTER TABLE labels ADD COLUMN replaced_by TEXT;     -- the label that took its place after a revocation
CREATE INDEX labels_place ON labels (place_id);
CREATE INDEX labels_grade ON labels (grade, id) WHERE grade IS NOT NULL;

CREATE TABLE label_events (         -- history of a label
  id TEXT PRIMARY KEY,
  label_id TEXT NOT NULL REFERENCES labels (id),
  revision BIGINT NOT NULL,
  event TEXT NOT NULL,              -- printed, reissued, revoked, graded, reprint_ordered
  at_ms BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  key_id TEXT,                      -- that signed what was printed
  detail TEXT NOT NULL              -- JSON, no personal data
);
CREATE INDEX label_events_label ON label_events (label_id, at_ms);

CREATE TABLE consent_codes (        -- one-time codes
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES work_orders (id),
  step TEXT NOT NULL,               -- arrival, closing
  nonce BLOB NOT NULL,
  digits TEXT NOT NULL,             -- six digits; emptied once used or replaced
  tag BIGINT NOT NULL,              -- the byte phones check digits with
  key_id TEXT NOT NULL,
  link_hash TEXT NOT NULL,          -- SHA-256 of the token in the customer's link
  expires_at_ms BIGINT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  wrong_tries BIGINT NOT NULL,
  redeemed_at_ms BIGINT,
  redeemed_by TEXT,                 -- device
  double_uses BIGINT NOT NULL,
  state TEXT NOT NULL               -- open, redeemed, replaced, locked
);
CREATE INDEX consent_codes_order ON consent_codes (order_id, step);
CREATE UNIQUE INDEX consent_codes_link ON consent_codes (link_hash);

CREATE TABLE order_proofs (         -- what was proven at a step, for the reviewer
  order_id TEXT NOT NULL REFERENCES work_orders (id),
  seq BIGINT NOT NULL,              -- version of the order after the step
  part TEXT NOT NULL,               -- place, consent
  step TEXT NOT NULL,               -- arrival, closing
  proof TEXT NOT NULL,              -- word of Proof
  strength TEXT NOT NULL,           -- word of ProofStrength
  verdict TEXT,                     -- word of Verdict, the server's
  phone_verdict TEXT,               -- what the phone said
  label_id TEXT,
  revision BIGINT,
  grade TEXT,
  distance_m BIGINT,                -- between the fix and the archive's place
  flags TEXT NOT NULL,              -- comma separated: place_far, revoked_later, …
  reason TEXT,                      -- why a number was typed
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (order_id, seq, part)
);
