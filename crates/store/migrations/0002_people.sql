-- People are known by their login, a lower-cased mail address, which every table names them by; their names and further
-- addresses are sealed.
CREATE TABLE person (
  login TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  tags TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL
) STRICT_TABLE;
CREATE INDEX person_role ON person (role, state);

CREATE TABLE team_member (
  team TEXT NOT NULL,
  login TEXT NOT NULL,
  lead BOOLEAN NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (team, login)
) STRICT_TABLE;
CREATE INDEX team_member_login ON team_member (login, team);

-- What the organisation has decided about itself.
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL, changed_at BIGINT NOT NULL) STRICT_TABLE;

-- Rights on one incident. A grant that is over is deleted; the record keeps what was.
CREATE TABLE incident_grant (
  id TEXT PRIMARY KEY,
  incident_id TEXT NOT NULL,
  grantee_kind TEXT NOT NULL,
  grantee TEXT NOT NULL,
  level TEXT NOT NULL,
  source TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  granted_by TEXT NOT NULL,
  granted_at BIGINT NOT NULL,
  until BIGINT,
  UNIQUE (incident_id, grantee_kind, grantee, source)
) STRICT_TABLE;
CREATE INDEX incident_grant_grantee ON incident_grant (grantee_kind, grantee, incident_id);

-- Who may see an incident beyond what its visibility opens: holders of roles, and those with a grant.
CREATE VIEW incident_reader AS
  SELECT incident_id, login FROM incident_person
  UNION ALL
  SELECT incident_id, grantee AS login FROM incident_grant WHERE grantee_kind = 'person'
  UNION ALL
  SELECT g.incident_id, m.login FROM incident_grant g JOIN team_member m ON m.team = g.grantee WHERE g.grantee_kind = 'team';

ALTER TABLE incident ADD COLUMN sensitivity TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE incident ADD COLUMN scope_known_at BIGINT;
CREATE INDEX incident_sensitive ON incident (id) WHERE sensitivity <> 'normal';

ALTER TABLE silence ADD COLUMN alert_id TEXT;

-- What a credential may be used for, and whose rights bound it.
ALTER TABLE token ADD COLUMN scopes TEXT NOT NULL DEFAULT 'read act configure administer';
ALTER TABLE token ADD COLUMN owner TEXT;
UPDATE token SET owner = actor_id WHERE actor_kind = 'person';
CREATE INDEX token_owner ON token (owner) WHERE owner IS NOT NULL;
ALTER TABLE session ADD COLUMN token_id TEXT;
