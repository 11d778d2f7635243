-- PostgreSQL only: the audit log cannot be rewritten.
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER audit_no_update BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_refuse();

-- PostgreSQL only: customer search. `customer_search` holds the text of one customer;
-- customers/index.rs alone writes it. Numbers by trigram; words by their characters and pairs of
-- characters, because a trigram index cannot serve one or two characters of Chinese.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE customer_search (
  customer_id TEXT PRIMARY KEY REFERENCES customers (id),
  numbers TEXT NOT NULL,
  words TEXT NOT NULL,
  initials TEXT NOT NULL,
  grams TEXT[] NOT NULL
);
CREATE INDEX customer_search_numbers ON customer_search USING gin (numbers gin_trgm_ops);
CREATE INDEX customer_search_grams ON customer_search USING gin (grams);
