-- Who answers for an incident, as the plans said when it came to be or was triaged anew. Lists are JSON.
CREATE TABLE responsibility (
  incident_id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  responsible TEXT NOT NULL,
  accountable TEXT,
  consulted TEXT NOT NULL
) STRICT_TABLE;
CREATE INDEX responsibility_accountable ON responsibility (accountable, incident_id) WHERE accountable IS NOT NULL;

-- What a developer says is resolved, and somebody else has to verify; why stands in the record.
CREATE TABLE resolution (
  incident_id TEXT PRIMARY KEY,
  resolved_by TEXT NOT NULL,
  resolved_at BIGINT NOT NULL
) STRICT_TABLE;

-- Who has to be consulted before a task is done, and who was.
ALTER TABLE task ADD COLUMN consult BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE task ADD COLUMN consulted_by TEXT;
ALTER TABLE task ADD COLUMN consulted_at BIGINT;
