-- When the last incident of an alert that still fires ended: what its sender says happened later is new.
ALTER TABLE alert ADD COLUMN settled_at BIGINT;
UPDATE alert SET settled_at = (
    SELECT MAX(COALESCE(i.resolved_at, i.closed_at, i.updated_at))
    FROM incident_alert l JOIN incident i ON i.id = l.incident_id WHERE l.alert_id = alert.id)
  WHERE status <> 'resolved' AND NOT EXISTS (
    SELECT 1 FROM incident_alert l JOIN incident i ON i.id = l.incident_id
    WHERE l.alert_id = alert.id AND i.phase NOT IN ('resolved', 'closed', 'dismissed', 'merged'));
-- The worst severity that signals have called for so far: only a worse one raises an incident by itself.
ALTER TABLE incident ADD COLUMN signalled BIGINT;
UPDATE incident SET signalled = severity WHERE alerts > 0;
