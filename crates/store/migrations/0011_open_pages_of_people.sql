-- Whether somebody's page still runs: finds theirs without reading all that ever ran, or all that run.
ALTER TABLE page_person ADD COLUMN is_open BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE page_person SET is_open = TRUE WHERE page_id IN (SELECT p.id FROM page p WHERE p.ended_at IS NULL);
CREATE INDEX page_person_open ON page_person (login, is_open, page_id);
