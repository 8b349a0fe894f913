-- Instants are microseconds since 1970, ids lower-case UUIDs, booleans and numbers the database's own. What people
-- wrote and what senders sent stands in columns named `sealed`.

CREATE TABLE key_check (epoch BIGINT PRIMARY KEY, sealed BYTEA NOT NULL, created_at BIGINT NOT NULL) STRICT_TABLE;
CREATE TABLE data_key (
  id TEXT PRIMARY KEY,
  scope TEXT NOT NULL UNIQUE,
  epoch BIGINT NOT NULL,
  wrapped BYTEA NOT NULL,
  created_at BIGINT NOT NULL
) STRICT_TABLE;
CREATE TABLE tally (name TEXT PRIMARY KEY, value BIGINT NOT NULL) STRICT_TABLE;
CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL) STRICT_TABLE;
INSERT INTO counter (name, value) VALUES ('entry', 0);

CREATE TABLE source (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  key_hash BYTEA NOT NULL UNIQUE,
  sealed BYTEA NOT NULL,
  settings TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  disabled_at BIGINT
) STRICT_TABLE;

CREATE TABLE event (
  seq SERIAL_KEY,
  id TEXT NOT NULL UNIQUE,
  source_id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  trust TEXT NOT NULL,
  delivery_id TEXT,
  status TEXT NOT NULL,
  reason TEXT,
  remark TEXT,
  alerts BIGINT NOT NULL,
  size BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  blob TEXT
) STRICT_TABLE;
CREATE UNIQUE INDEX event_delivery ON event (source_id, delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX event_source ON event (source_id, seq);
CREATE INDEX event_pending ON event (source_id, seq) WHERE status = 'pending';
CREATE INDEX event_quarantined ON event (seq) WHERE status = 'quarantined';
CREATE INDEX event_blob ON event (blob) WHERE blob IS NOT NULL;

CREATE TABLE alert (
  id TEXT PRIMARY KEY,
  source_id TEXT NOT NULL,
  dedup_key TEXT NOT NULL,
  group_key TEXT,
  speaks_for_group BOOLEAN NOT NULL,
  status TEXT NOT NULL,
  episode BIGINT NOT NULL,
  count BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  ended_at BIGINT,
  changed_at BIGINT NOT NULL,
  turns TEXT NOT NULL,
  flapping BOOLEAN NOT NULL,
  severity BIGINT,
  class TEXT,
  sample BOOLEAN NOT NULL,
  sealed BYTEA NOT NULL,
  first_event TEXT NOT NULL,
  last_event TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  snapshot_scope TEXT,
  team TEXT NOT NULL,
  rule TEXT NOT NULL,
  suppressed_by TEXT,
  acknowledged_by TEXT,
  version BIGINT NOT NULL,
  UNIQUE (source_id, dedup_key)
) STRICT_TABLE;
CREATE INDEX alert_group ON alert (group_key, speaks_for_group, id) WHERE group_key IS NOT NULL;
CREATE INDEX alert_status ON alert (status, changed_at, id);
CREATE INDEX alert_changed ON alert (changed_at, id);
CREATE INDEX alert_source ON alert (source_id, changed_at, id);
CREATE INDEX alert_held ON alert (changed_at) WHERE status = 'firing' AND (suppressed_by IS NOT NULL OR flapping);
CREATE INDEX alert_snapshot ON alert (source_id, snapshot_scope) WHERE snapshot_scope IS NOT NULL AND status <> 'resolved';

CREATE TABLE receipt (
  alert_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  source_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  change TEXT NOT NULL,
  incident_id TEXT,
  plan_version TEXT NOT NULL,
  trace TEXT,
  PRIMARY KEY (alert_id, event_id, change)
) STRICT_TABLE;
CREATE INDEX receipt_event ON receipt (event_id);
CREATE INDEX receipt_newest ON receipt (alert_id, at);

CREATE TABLE incident (
  id TEXT PRIMARY KEY,
  short_id TEXT NOT NULL UNIQUE,
  codename TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  class TEXT NOT NULL,
  severity BIGINT,
  phase TEXT NOT NULL,
  team TEXT NOT NULL,
  visibility TEXT NOT NULL,
  kind TEXT NOT NULL,
  signal TEXT NOT NULL,
  roles TEXT NOT NULL,
  commander TEXT,
  postmortem TEXT NOT NULL,
  occurred_at BIGINT,
  detected_at BIGINT NOT NULL,
  acknowledged_at BIGINT,
  declared_at BIGINT,
  resolved_at BIGINT,
  closed_at BIGINT,
  merged_into TEXT,
  rule TEXT NOT NULL,
  plan_version TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
) STRICT_TABLE;
CREATE INDEX incident_phase ON incident (phase, id);
CREATE INDEX incident_team ON incident (team, id);
CREATE INDEX incident_commander ON incident (commander, id) WHERE commander IS NOT NULL;
CREATE INDEX incident_detected ON incident (detected_at);

CREATE TABLE incident_person (
  incident_id TEXT NOT NULL,
  login TEXT NOT NULL,
  PRIMARY KEY (incident_id, login)
) STRICT_TABLE;
CREATE INDEX incident_person_login ON incident_person (login, incident_id);

CREATE TABLE incident_alert (
  incident_id TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  linked_at BIGINT NOT NULL,
  PRIMARY KEY (incident_id, alert_id)
) STRICT_TABLE;
CREATE INDEX incident_alert_alert ON incident_alert (alert_id, incident_id);

CREATE TABLE task (
  id TEXT PRIMARY KEY,
  incident_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  owner TEXT,
  state TEXT NOT NULL,
  due_at BIGINT,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  UNIQUE (incident_id, number)
) STRICT_TABLE;
CREATE TABLE grouping (key TEXT PRIMARY KEY, incident_id TEXT NOT NULL, until BIGINT NOT NULL) STRICT_TABLE;

-- The record. Triggers refuse every change and deletion; what may be erased stands in entry_secret.
CREATE TABLE entry (
  seq BIGINT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  incident_seq BIGINT,
  recorded_at BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  known_at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  incident_id TEXT,
  alert_id TEXT,
  event_id TEXT,
  plan_version TEXT NOT NULL,
  corrects BIGINT,
  leaf TEXT NOT NULL,
  leaf_hash BYTEA NOT NULL
) STRICT_TABLE;
CREATE INDEX entry_incident ON entry (incident_id, seq) WHERE incident_id IS NOT NULL;
CREATE INDEX entry_alert ON entry (alert_id, seq) WHERE alert_id IS NOT NULL;
CREATE TABLE entry_secret (
  seq BIGINT NOT NULL,
  field TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (seq, field)
) STRICT_TABLE;

CREATE TABLE token (
  id TEXT PRIMARY KEY,
  hash BYTEA NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  role TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT
) STRICT_TABLE;
CREATE TABLE session (
  hash BYTEA PRIMARY KEY,
  kind TEXT NOT NULL,
  role TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
) STRICT_TABLE;
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE plan (
  seq SERIAL_KEY,
  version TEXT NOT NULL,
  files TEXT NOT NULL,
  applied_by TEXT NOT NULL,
  applied_at BIGINT NOT NULL
) STRICT_TABLE;
CREATE INDEX plan_version ON plan (version, seq);
CREATE TABLE silence (
  id TEXT PRIMARY KEY,
  matcher TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_by TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL
) STRICT_TABLE;
CREATE INDEX silence_end ON silence (ends_at);

CREATE TABLE timer (
  id TEXT PRIMARY KEY,
  due_at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  lease_until BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  UNIQUE (kind, subject)
) STRICT_TABLE;
CREATE INDEX timer_due ON timer (due_at, id);
CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  incident_id TEXT,
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  last_error TEXT,
  done_at BIGINT
) STRICT_TABLE;
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE done_at IS NULL;

CREATE TABLE idempotency (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  request BYTEA NOT NULL,
  status BIGINT,
  sealed BYTEA,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT_TABLE;
CREATE INDEX idempotency_expiry ON idempotency (expires_at);
CREATE TABLE certificate (url TEXT PRIMARY KEY, pem BYTEA NOT NULL, fetched_at BIGINT NOT NULL) STRICT_TABLE;
