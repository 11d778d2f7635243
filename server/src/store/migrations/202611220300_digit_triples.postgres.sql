-- Three digits in a row become a key of their own. Asked for the pairs of a house number the planner took them for
-- independent, expected a sixth of the rows and fetched them all for one page; customers/index.rs writes the same.
UPDATE customer_search SET grams = grams || ARRAY(
  SELECT DISTINCT substr(words, at, 3) FROM generate_series(1, length(words) - 2) at
  WHERE substr(words, at, 3) ~ '^[0-9]{3}$');
