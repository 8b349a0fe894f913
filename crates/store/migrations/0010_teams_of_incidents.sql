-- The team that an alert had when it was put to its incident: tells the teams of an incident without reading its alerts.
ALTER TABLE incident_alert ADD COLUMN team TEXT NOT NULL DEFAULT '';
UPDATE incident_alert SET team = COALESCE((SELECT a.team FROM alert a WHERE a.id = incident_alert.alert_id), '');
CREATE INDEX incident_alert_team ON incident_alert (incident_id, team);

-- Incidents that not everybody sees: what belongs to them is counted from here, not by reading everything else.
CREATE INDEX incident_hidden ON incident (id) WHERE visibility = 'restricted' OR sensitivity <> 'normal';
CREATE INDEX page_open ON page (id) WHERE ended_at IS NULL;
