-- The whole base schema, one text for SQLite and PostgreSQL. `BLOB` becomes BYTEA on PostgreSQL.
-- Every integer is BIGINT, every flag BIGINT 0/1, every id a UUID as text, time epoch ms UTC,
-- money fen, places micro-degrees (WGS-84), day keys yyyymmdd in UTC+8.

-- ---- system ---------------------------------------------------------------------------------
CREATE TABLE settings (
  name TEXT PRIMARY KEY,            -- epoch, setup_token_hash, company_name, …
  value TEXT NOT NULL
);

CREATE TABLE counters (
  name TEXT PRIMARY KEY,            -- order_number:<yyyymmdd>
  value BIGINT NOT NULL
);

CREATE TABLE leases (               -- one holder per background duty among several nodes
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  epoch BIGINT NOT NULL,            -- fencing: grows at every take-over
  until_ms BIGINT NOT NULL
);

CREATE TABLE audit (                -- append-only, hash chain: hash = SHA-256(previous_hash || canonical row)
  seq BIGINT PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  actor_id TEXT NOT NULL,           -- staff id, `system`, or `device:<id>`
  action TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  detail TEXT NOT NULL,             -- JSON, no personal data
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject_kind, subject_id, seq);

-- ---- organisation ---------------------------------------------------------------------------
CREATE TABLE stations (             -- 供电所
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  latitude_e6 BIGINT,
  longitude_e6 BIGINT
);

CREATE TABLE transformer_areas (    -- 台区
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  station_id TEXT NOT NULL REFERENCES stations (id),
  area_class TEXT NOT NULL,         -- urban, rural, remote
  feeder_name TEXT NOT NULL,
  latitude_e6 BIGINT,
  longitude_e6 BIGINT
);
CREATE INDEX transformer_areas_station ON transformer_areas (station_id);

CREATE TABLE staff (
  id TEXT PRIMARY KEY,
  login_name TEXT NOT NULL UNIQUE,  -- lower case
  display_name TEXT NOT NULL,
  role TEXT NOT NULL,
  station_id TEXT REFERENCES stations (id),
  skills TEXT NOT NULL,             -- order kinds the person may do, comma separated
  contact_phone TEXT,
  password_hash TEXT NOT NULL,      -- argon2id PHC string
  is_active BIGINT NOT NULL,
  is_on_duty BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at_ms BIGINT NOT NULL
);
CREATE INDEX staff_station ON staff (station_id);

CREATE TABLE staff_areas (          -- 辖区: the transformer areas a person looks after
  staff_id TEXT NOT NULL REFERENCES staff (id),
  area_id TEXT NOT NULL REFERENCES transformer_areas (id),
  PRIMARY KEY (staff_id, area_id)
);
CREATE INDEX staff_areas_area ON staff_areas (area_id);

CREATE TABLE devices (              -- 手机终端
  id TEXT PRIMARY KEY,
  staff_id TEXT NOT NULL REFERENCES staff (id),
  model TEXT NOT NULL,
  os_version TEXT NOT NULL,
  app_version TEXT NOT NULL,
  state TEXT NOT NULL,              -- active, retired
  enrolled_at_ms BIGINT NOT NULL,
  last_seen_at_ms BIGINT,
  last_synced_at_ms BIGINT,
  net_class TEXT,
  latitude_e6 BIGINT,
  longitude_e6 BIGINT,
  located_at_ms BIGINT,
  pending_commands BIGINT NOT NULL,
  pending_files BIGINT NOT NULL,
  clock_offset_ms BIGINT,
  last_n BIGINT NOT NULL,           -- highest command number taken
  acked_n BIGINT NOT NULL,          -- results the phone confirmed
  version BIGINT NOT NULL
);
CREATE INDEX devices_staff ON devices (staff_id);

CREATE TABLE sessions (             -- opaque tokens, stored as SHA-256
  token_hash TEXT PRIMARY KEY,
  staff_id TEXT NOT NULL REFERENCES staff (id),
  device_id TEXT REFERENCES devices (id),
  created_at_ms BIGINT NOT NULL,
  expires_at_ms BIGINT NOT NULL,
  revoked_at_ms BIGINT
);
CREATE INDEX sessions_staff ON sessions (staff_id);
CREATE INDEX sessions_device ON sessions (device_id);

CREATE TABLE presence (             -- which quarter hours a person's phone was heard in, and duty
  staff_id TEXT NOT NULL REFERENCES staff (id),
  quarter BIGINT NOT NULL,          -- epoch ms / 900000
  day_key BIGINT NOT NULL,
  is_on_duty BIGINT NOT NULL,
  is_online BIGINT NOT NULL,
  PRIMARY KEY (staff_id, quarter)
);
CREATE INDEX presence_day ON presence (day_key, staff_id);

-- ---- customers ------------------------------------------------------------------------------
CREATE TABLE customers (
  id TEXT PRIMARY KEY,
  account_number TEXT NOT NULL UNIQUE,
  account_name TEXT NOT NULL,
  name_initials TEXT NOT NULL,      -- pinyin initials, lower case
  contact_phone TEXT,
  supply_address TEXT NOT NULL,
  customer_class TEXT NOT NULL,
  supply_state TEXT NOT NULL DEFAULT 'supplied', -- supplied, stopped_for_arrears, closed
  area_id TEXT NOT NULL REFERENCES transformer_areas (id),
  station_id TEXT NOT NULL REFERENCES stations (id),
  pole_number TEXT,
  latitude_e6 BIGINT,
  longitude_e6 BIGINT,
  arrears_fen BIGINT NOT NULL,
  import_id TEXT,                   -- the run that wrote the row last: finds doubles within one file
  content_hash TEXT NOT NULL,       -- of the imported row: unchanged rows cost nothing
  version BIGINT NOT NULL,
  updated_at_ms BIGINT NOT NULL
);
CREATE INDEX customers_area ON customers (area_id, id);
CREATE INDEX customers_station ON customers (station_id, id);
CREATE INDEX customers_initials ON customers (name_initials, id);
CREATE INDEX customers_name ON customers (account_name, id);
CREATE INDEX customers_phone ON customers (contact_phone, id);
CREATE INDEX customers_pole ON customers (pole_number, id);

CREATE TABLE meters (
  id TEXT PRIMARY KEY,
  meter_number TEXT NOT NULL UNIQUE,
  customer_id TEXT NOT NULL REFERENCES customers (id),
  phases BIGINT NOT NULL,
  multiplier BIGINT NOT NULL,
  last_reading_wh BIGINT,
  last_read_at_ms BIGINT,
  state TEXT NOT NULL,              -- installed, removed
  import_id TEXT,
  content_hash TEXT NOT NULL DEFAULT '',
  version BIGINT NOT NULL
);
CREATE INDEX meters_customer ON meters (customer_id);

CREATE TABLE labels (               -- codes issued for customers and meters; opaque ids only
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,               -- customer, meter, place
  customer_id TEXT REFERENCES customers (id),
  meter_id TEXT REFERENCES meters (id),
  state TEXT NOT NULL,              -- valid, revoked
  issued_at_ms BIGINT NOT NULL,
  revoked_at_ms BIGINT
);
CREATE INDEX labels_customer ON labels (customer_id);
CREATE INDEX labels_meter ON labels (meter_id);

CREATE TABLE bills (                -- 欠费: one row per account and month
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL REFERENCES customers (id),
  bill_month BIGINT NOT NULL,       -- yyyymm
  amount_fen BIGINT NOT NULL,
  due_on BIGINT NOT NULL,           -- day key
  paid_at_ms BIGINT,
  UNIQUE (customer_id, bill_month)
);
CREATE INDEX bills_unpaid ON bills (due_on, customer_id) WHERE paid_at_ms IS NULL;

-- ---- intake ---------------------------------------------------------------------------------
CREATE TABLE intake_cursors (       -- how far each staging table has been read
  source TEXT NOT NULL,
  table_name TEXT NOT NULL,
  last_key TEXT NOT NULL,
  polled_at_ms BIGINT NOT NULL,
  fault_code TEXT,
  PRIMARY KEY (source, table_name)
);

CREATE TABLE imports (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  record_kind TEXT NOT NULL,        -- customers, meters, areas, business, hotline, arrears
  mapping TEXT NOT NULL,
  file_name TEXT NOT NULL,
  state TEXT NOT NULL,              -- running, done, failed
  is_dry_run BIGINT NOT NULL,
  rows_read BIGINT NOT NULL,
  rows_written BIGINT NOT NULL,
  rows_unchanged BIGINT NOT NULL,
  rows_failed BIGINT NOT NULL,
  bytes_read BIGINT NOT NULL,
  bytes_total BIGINT NOT NULL,
  fault_code TEXT,
  message TEXT,
  problems TEXT NOT NULL,           -- JSON: the first problems and their counts by code
  started_at_ms BIGINT NOT NULL,
  finished_at_ms BIGINT,
  started_by TEXT NOT NULL
);

CREATE TABLE intake_records (       -- the raw record is kept whatever becomes of it
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,             -- name of the door: mis, hotline_95598, counter, file:<name>
  record_kind TEXT NOT NULL,
  source_key TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  raw TEXT NOT NULL,                -- JSON of the record as it came
  mapping TEXT NOT NULL,            -- the mapping that reads it, for a retry
  state TEXT NOT NULL,              -- used, exception, ignored, refused
  fault_code TEXT,
  message TEXT,
  attempts BIGINT NOT NULL,
  order_id TEXT,
  import_id TEXT REFERENCES imports (id),
  line BIGINT,                      -- line of the file it came from
  received_at_ms BIGINT NOT NULL,
  handled_at_ms BIGINT,
  handled_by TEXT,
  UNIQUE (source, record_kind, source_key, content_hash)
);
CREATE INDEX intake_records_state ON intake_records (state, received_at_ms, id);
CREATE INDEX intake_records_order ON intake_records (order_id);
CREATE INDEX intake_records_key ON intake_records (record_kind, source_key);
CREATE INDEX intake_records_import ON intake_records (import_id, line);

-- ---- work orders ----------------------------------------------------------------------------
CREATE TABLE work_orders (
  id TEXT PRIMARY KEY,
  order_number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  subtype TEXT NOT NULL,
  state TEXT NOT NULL,
  urgency TEXT NOT NULL,
  urgency_rank BIGINT NOT NULL,
  source TEXT NOT NULL,
  source_key TEXT,
  template TEXT,
  match_detail TEXT,                -- JSON: words, score, runner-up of the template decision
  content TEXT NOT NULL,
  customer_id TEXT REFERENCES customers (id),
  account_number TEXT,
  account_name TEXT,
  contact_phone TEXT,
  address TEXT,
  meter_number TEXT,
  pole_number TEXT,
  area_id TEXT REFERENCES transformer_areas (id),
  station_id TEXT REFERENCES stations (id),
  area_class TEXT NOT NULL,
  latitude_e6 BIGINT,
  longitude_e6 BIGINT,
  assignee_id TEXT REFERENCES staff (id),
  dispatch_note TEXT,
  reason TEXT,                      -- of the last reject, reassign, cancel or suspend
  taken_in_at_ms BIGINT NOT NULL,
  taken_in_day BIGINT NOT NULL,
  appointment_at_ms BIGINT,
  arrive_due_at_ms BIGINT,
  arrive_rule TEXT,                 -- rule id and version
  due_at_ms BIGINT,
  due_rule TEXT,
  promise TEXT,                     -- sentence of the earlier deadline
  dispatched_at_ms BIGINT,
  accepted_at_ms BIGINT,
  departed_at_ms BIGINT,
  arrived_at_ms BIGINT,
  began_at_ms BIGINT,
  finished_at_ms BIGINT,
  submitted_at_ms BIGINT,
  approved_at_ms BIGINT,
  archived_at_ms BIGINT,
  cancelled_at_ms BIGINT,
  called_back_at_ms BIGINT,
  place_proof TEXT,                 -- customer_code, meter_code, place_code, typed, none
  consent_proof TEXT,
  satisfaction TEXT,
  callback_satisfaction TEXT,
  reject_count BIGINT NOT NULL,
  evidence_expected BIGINT NOT NULL,
  evidence_arrived BIGINT NOT NULL,
  evidence_waived_reason TEXT,
  total_fen BIGINT,
  record_values TEXT NOT NULL,      -- JSON object of the field record
  cost_sheet TEXT,                  -- JSON of the cost sheet as the server computed it
  archive_hash TEXT,                -- SHA-256 of the frozen order
  is_open BIGINT NOT NULL,          -- 0 when archived or cancelled
  version BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at_ms BIGINT NOT NULL
);
CREATE INDEX work_orders_open_due ON work_orders (is_open, due_at_ms, id);
CREATE INDEX work_orders_state ON work_orders (state, taken_in_at_ms, id);
CREATE INDEX work_orders_taken_in ON work_orders (taken_in_at_ms, id);
CREATE INDEX work_orders_assignee ON work_orders (assignee_id, is_open);
CREATE INDEX work_orders_customer ON work_orders (customer_id);
CREATE INDEX work_orders_area ON work_orders (area_id);
CREATE INDEX work_orders_station ON work_orders (station_id, taken_in_at_ms);
CREATE INDEX work_orders_day ON work_orders (taken_in_day, kind);
CREATE INDEX work_orders_finished ON work_orders (finished_at_ms) WHERE finished_at_ms IS NOT NULL;
CREATE INDEX work_orders_submitted ON work_orders (submitted_at_ms) WHERE submitted_at_ms IS NOT NULL;
CREATE INDEX work_orders_archived ON work_orders (archived_at_ms) WHERE archived_at_ms IS NOT NULL;
CREATE INDEX work_orders_account ON work_orders (account_number);
CREATE INDEX work_orders_meter ON work_orders (meter_number);
CREATE INDEX work_orders_name ON work_orders (account_name);
CREATE INDEX work_orders_pole ON work_orders (pole_number);
CREATE INDEX work_orders_review ON work_orders (state, submitted_at_ms, id);

CREATE TABLE order_events (         -- the time line; seq is dense per order and equals the version
  order_id TEXT NOT NULL REFERENCES work_orders (id),
  seq BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,            -- server receipt
  occurred_at_ms BIGINT NOT NULL,   -- derived site time
  uncertainty_ms BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  device_id TEXT,
  command TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  detail TEXT NOT NULL,             -- JSON
  PRIMARY KEY (order_id, seq)
);
CREATE INDEX order_events_at ON order_events (at_ms);
CREATE INDEX order_events_arrive ON order_events (occurred_at_ms) WHERE command = 'arrive';

CREATE TABLE dispatch_decisions (   -- what was proposed and what a person chose
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES work_orders (id),
  at_ms BIGINT NOT NULL,
  mode TEXT NOT NULL,               -- nearest, jurisdiction, manual, automatic
  chosen_staff_id TEXT NOT NULL REFERENCES staff (id),
  decided_by TEXT NOT NULL,
  candidates TEXT NOT NULL          -- JSON: every person with reasons
);
CREATE INDEX dispatch_decisions_order ON dispatch_decisions (order_id, at_ms);

CREATE TABLE callbacks (            -- 回访
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES work_orders (id),
  at_ms BIGINT NOT NULL,
  by_id TEXT NOT NULL,
  is_reached BIGINT NOT NULL,
  satisfaction TEXT,
  note TEXT
);
CREATE INDEX callbacks_order ON callbacks (order_id, at_ms);

-- ---- phones ---------------------------------------------------------------------------------
CREATE TABLE commands (             -- every envelope ever taken, with its stored result
  device_id TEXT NOT NULL REFERENCES devices (id),
  n BIGINT NOT NULL,
  body_hash TEXT NOT NULL,
  envelope BLOB NOT NULL,
  order_id TEXT,
  outcome TEXT NOT NULL,
  code TEXT,
  result BLOB NOT NULL,
  received_at_ms BIGINT NOT NULL,
  occurred_at_ms BIGINT NOT NULL,
  PRIMARY KEY (device_id, n)
);
CREATE INDEX commands_order ON commands (order_id);

CREATE TABLE quarantine (           -- what could not be applied and waits for a person
  id TEXT PRIMARY KEY,
  device_id TEXT NOT NULL REFERENCES devices (id),
  n BIGINT NOT NULL,
  code TEXT NOT NULL,
  envelope BLOB NOT NULL,
  received_at_ms BIGINT NOT NULL,
  resolved_at_ms BIGINT,
  resolved_by TEXT,
  note TEXT
);
CREATE INDEX quarantine_open ON quarantine (resolved_at_ms, received_at_ms);
CREATE INDEX quarantine_device ON quarantine (device_id, n);

CREATE TABLE evidence (             -- manifest rows: facts about files
  order_id TEXT NOT NULL REFERENCES work_orders (id),
  sha256 TEXT NOT NULL,
  slot TEXT NOT NULL,
  kind TEXT NOT NULL,
  mime TEXT NOT NULL,
  size BIGINT NOT NULL,
  is_imported BIGINT NOT NULL,
  is_late BIGINT NOT NULL,          -- arrived as a fact after the order had left the person
  device_id TEXT NOT NULL,
  taken_at_ms BIGINT NOT NULL,
  has_arrived BIGINT NOT NULL,
  PRIMARY KEY (order_id, sha256)
);
CREATE INDEX evidence_hash ON evidence (sha256);

CREATE TABLE blobs (                -- bytes by hash; staging until complete
  sha256 TEXT PRIMARY KEY,
  size BIGINT NOT NULL,
  received_bytes BIGINT NOT NULL,   -- on disk and synced
  mime TEXT,                        -- as the first bytes say; once complete
  is_complete BIGINT NOT NULL,
  updated_at_ms BIGINT NOT NULL
);

CREATE TABLE scopes (               -- counter rows of the feed: taken last before commit, in sorted order
  scope TEXT PRIMARY KEY,           -- user:<staff id>, station:<station id>
  position BIGINT NOT NULL,
  floor BIGINT NOT NULL,
  checksum BIGINT NOT NULL          -- wrapping sum of the live entries' terms, as signed 64 bit
);

CREATE TABLE feed (
  scope TEXT NOT NULL,
  position BIGINT NOT NULL,
  kind TEXT NOT NULL,
  item_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  op TEXT NOT NULL,                 -- put, leave
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (scope, position)
);
CREATE UNIQUE INDEX feed_item ON feed (scope, kind, item_id);
