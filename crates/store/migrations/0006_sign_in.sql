-- How people prove who they are. Hashes of passwords and keys of passkeys are sealed under the installation's key, so a
-- stolen database is no list to guess from.
CREATE TABLE password (
  login TEXT PRIMARY KEY,
  sealed BYTEA NOT NULL,
  set_at BIGINT NOT NULL
) STRICT_TABLE;

CREATE TABLE passkey (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  credential BYTEA NOT NULL UNIQUE,
  handle TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT
) STRICT_TABLE;
CREATE INDEX passkey_login ON passkey (login);

CREATE TABLE sign_on (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  login TEXT NOT NULL,
  made_here BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  PRIMARY KEY (issuer, subject)
) STRICT_TABLE;
CREATE INDEX sign_on_login ON sign_on (login);

-- What a browser was asked and has not answered yet.
CREATE TABLE ceremony (
  hash BYTEA PRIMARY KEY,
  kind TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  expires_at BIGINT NOT NULL
) STRICT_TABLE;
CREATE INDEX ceremony_expiry ON ceremony (expires_at);

-- Failed guesses by account and by network, as hashes: neither is a list of who was tried.
CREATE TABLE guess (
  key BYTEA PRIMARY KEY,
  forgiven_at BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
) STRICT_TABLE;
CREATE INDEX guess_age ON guess (changed_at);

CREATE TABLE invitation (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  hash BYTEA NOT NULL UNIQUE,
  login TEXT NOT NULL,
  role TEXT NOT NULL,
  teams TEXT NOT NULL,
  made_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  revoked_at BIGINT
) STRICT_TABLE;
CREATE INDEX invitation_login ON invitation (login);

ALTER TABLE session ADD COLUMN id TEXT;
ALTER TABLE session ADD COLUMN proved_at BIGINT;
ALTER TABLE session ADD COLUMN means TEXT;
ALTER TABLE session ADD COLUMN device TEXT;
CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_actor ON session (actor_kind, actor_id);
