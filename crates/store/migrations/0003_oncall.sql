-- What people change of the schedules that the plans say. Reasons are sealed: they tell of illness and leave.
CREATE TABLE oncall_override (
  id TEXT PRIMARY KEY,
  schedule TEXT NOT NULL,
  login TEXT NOT NULL,
  instead_of TEXT,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  swap_id TEXT,
  ended_at BIGINT,
  ended_by TEXT
) STRICT_TABLE;
CREATE INDEX oncall_override_span ON oncall_override (ends_at, starts_at);
CREATE INDEX oncall_override_swap ON oncall_override (swap_id) WHERE swap_id IS NOT NULL;

CREATE TABLE oncall_swap (
  id TEXT PRIMARY KEY,
  schedule TEXT NOT NULL,
  offered_by TEXT NOT NULL,
  offered_to TEXT NOT NULL,
  give_from BIGINT NOT NULL,
  give_until BIGINT NOT NULL,
  take_from BIGINT NOT NULL,
  take_until BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  state TEXT NOT NULL,
  offered_at BIGINT NOT NULL,
  settled_at BIGINT
) STRICT_TABLE;
CREATE INDEX oncall_swap_state ON oncall_swap (state, id);

-- Addresses of calendar feeds, by the hash of their secret part.
CREATE TABLE oncall_feed (
  id TEXT PRIMARY KEY,
  hash BYTEA NOT NULL UNIQUE,
  schedule TEXT,
  login TEXT,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  read_at BIGINT,
  revoked_at BIGINT
) STRICT_TABLE;
