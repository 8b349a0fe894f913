-- Ways to reach people. `sealed` holds the settings and why the trust is what it is.
CREATE TABLE channel (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  trust TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  disabled_at BIGINT
) STRICT_TABLE;
-- The room of an incident on a channel, or the address of its call. `members` are those whom we have invited.
CREATE TABLE incident_room (
  incident_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  room TEXT NOT NULL,
  members TEXT NOT NULL DEFAULT '[]',
  opened_at BIGINT NOT NULL,
  PRIMARY KEY (incident_id, channel_id)
) STRICT_TABLE;
CREATE INDEX incident_room_room ON incident_room (channel_id, room);
-- Whose account a member of a chat is: made by a code that was shown in the console.
CREATE TABLE chat_link (
  channel_id TEXT NOT NULL,
  member TEXT NOT NULL,
  login TEXT NOT NULL,
  linked_at BIGINT NOT NULL,
  PRIMARY KEY (channel_id, member)
) STRICT_TABLE;
CREATE INDEX chat_link_login ON chat_link (login);
CREATE TABLE chat_code (hash BYTEA PRIMARY KEY, login TEXT NOT NULL, expires_at BIGINT NOT NULL) STRICT_TABLE;
CREATE INDEX chat_code_expiry ON chat_code (expires_at);
-- Requests from chats that were taken: the same one again is a replay.
CREATE TABLE chat_seen (hash BYTEA PRIMARY KEY, expires_at BIGINT NOT NULL) STRICT_TABLE;
CREATE INDEX chat_seen_expiry ON chat_seen (expires_at);
