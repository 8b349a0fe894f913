-- How many alerts an incident has, kept with the links.
ALTER TABLE incident ADD COLUMN alerts BIGINT NOT NULL DEFAULT 0;
UPDATE incident SET alerts = (SELECT COUNT(*) FROM incident_alert l WHERE l.incident_id = incident.id);
