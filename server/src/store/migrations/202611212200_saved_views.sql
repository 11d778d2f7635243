-- Named views of lists (视图): a person's own, wherever he signs in. A view is the query of the page; typed
-- search text is never part of it.
CREATE TABLE saved_views (
  id TEXT PRIMARY KEY,
  staff_id TEXT NOT NULL REFERENCES staff (id),
  list_name TEXT NOT NULL,                 -- the page it belongs to: orders
  name TEXT NOT NULL,                      -- unique per person and page
  query TEXT NOT NULL,                     -- query part of the page's address, without '?'
  changed_at_ms BIGINT NOT NULL,
  UNIQUE (staff_id, list_name, name)
);

CREATE INDEX label_places_number ON label_places (number); -- the archive of labels is asked by number
