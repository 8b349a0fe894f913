-- How people are reached, and the pages that they got. Addresses, replies and reasons are sealed.
CREATE TABLE contact (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  channel TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  position BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  verified_at BIGINT,
  code_hash BYTEA,
  code_expires_at BIGINT,
  code_tries BIGINT NOT NULL
) STRICT_TABLE;
CREATE INDEX contact_login ON contact (login, position, id);

-- When somebody wants to be left alone, in minutes after midnight of their own time zone.
CREATE TABLE paging_preference (
  login TEXT PRIMARY KEY,
  time_zone TEXT,
  quiet_from BIGINT,
  quiet_until BIGINT,
  sound BOOLEAN NOT NULL,
  changed_at BIGINT NOT NULL
) STRICT_TABLE;

-- One escalation each: the policy as it was when the page began, and how far it has come.
CREATE TABLE page (
  id TEXT PRIMARY KEY,
  incident_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  policy TEXT NOT NULL,
  plan_version TEXT NOT NULL,
  status TEXT NOT NULL,
  state TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  begun_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  ended_at BIGINT,
  version BIGINT NOT NULL,
  UNIQUE (incident_id, purpose)
) STRICT_TABLE;
CREATE INDEX page_status ON page (status, id);

-- Who was told by a page, for "my pages" and for looking up who may see.
CREATE TABLE page_person (
  page_id TEXT NOT NULL,
  login TEXT NOT NULL,
  answer TEXT NOT NULL,
  told_at BIGINT NOT NULL,
  PRIMARY KEY (page_id, login)
) STRICT_TABLE;
CREATE INDEX page_person_login ON page_person (login, told_at, page_id);

-- Each time that somebody was told through one contact. The key makes sending it again harmless.
CREATE TABLE page_attempt (
  id TEXT PRIMARY KEY,
  page_id TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  login TEXT NOT NULL,
  place TEXT NOT NULL,
  times BIGINT NOT NULL,
  contact_id TEXT,
  channel TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  tries BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  night BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
) STRICT_TABLE;
CREATE INDEX page_attempt_page ON page_attempt (page_id, created_at, id);
CREATE INDEX page_attempt_login ON page_attempt (login, created_at);
CREATE INDEX page_attempt_created ON page_attempt (created_at);

-- What an acknowledgement link holds is hashed; it is for one page and one person.
CREATE TABLE page_link (
  hash BYTEA PRIMARY KEY,
  page_id TEXT NOT NULL,
  login TEXT NOT NULL,
  expires_at BIGINT NOT NULL
) STRICT_TABLE;
CREATE INDEX page_link_page ON page_link (page_id);
CREATE INDEX page_link_expiry ON page_link (expires_at);
