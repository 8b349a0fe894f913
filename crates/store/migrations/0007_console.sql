-- The commander's console: tasks of teams, status updates, links, tracking documents, reports.

-- When somebody first led it; set once, by the row's own writer.
ALTER TABLE incident ADD COLUMN commanded_at BIGINT;

ALTER TABLE task ADD COLUMN team TEXT;
CREATE INDEX task_owner ON task (owner, state) WHERE owner IS NOT NULL;

CREATE TABLE status_update (
  id TEXT PRIMARY KEY,
  incident_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  version BIGINT NOT NULL,
  users TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  author TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  next_due_at BIGINT,
  UNIQUE (incident_id, number, version)
) STRICT_TABLE;

CREATE TABLE incident_link (
  incident_id TEXT NOT NULL,
  link TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  set_by TEXT NOT NULL,
  set_at BIGINT NOT NULL,
  PRIMARY KEY (incident_id, link)
) STRICT_TABLE;

CREATE TABLE tracking_document (
  incident_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  template TEXT NOT NULL,
  plan_version TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  author TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  PRIMARY KEY (incident_id, version)
) STRICT_TABLE;

CREATE TABLE report (
  incident_id TEXT PRIMARY KEY,
  reporter TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  reported_at BIGINT NOT NULL,
  acknowledged_at BIGINT,
  acknowledged_by TEXT
) STRICT_TABLE;
CREATE INDEX report_reporter ON report (reporter, incident_id);

CREATE INDEX entry_actor ON entry (actor_id, seq);
CREATE INDEX entry_kind ON entry (kind, seq);
