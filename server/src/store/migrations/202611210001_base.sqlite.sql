-- SQLite only: the audit log cannot be rewritten.
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- SQLite only: customer search. `customer_search` holds the text of one customer; `doc` is the row id
-- that both full-text indexes share. customers/index.rs alone writes the three of them.
CREATE TABLE customer_search (
  doc INTEGER PRIMARY KEY,
  customer_id TEXT NOT NULL UNIQUE REFERENCES customers (id),
  numbers TEXT NOT NULL,            -- |account|meter|…|phone|long codes of the words|
  words TEXT NOT NULL,              -- |name|address|pole|, lower case
  initials TEXT NOT NULL            -- pinyin initials of the name
);
-- Substrings of three characters and more: number tails, address parts.
CREATE VIRTUAL TABLE customer_trigrams USING fts5 (numbers, words, content='customer_search',
  content_rowid='doc', tokenize='trigram', detail=none, columnsize=0);
-- One token per character of the words: one and two characters of Chinese, phrases of any length; and
-- the beginnings of the initials as `=w =wq =wql`.
CREATE VIRTUAL TABLE customer_unigrams USING fts5 (characters, content='', columnsize=0,
  tokenize="ascii tokenchars '='");
