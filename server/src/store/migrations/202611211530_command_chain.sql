-- Each phone's commands form a hash chain of their own: chain = SHA-256(chain of n - 1 || this command),
-- see audit/commands.rs. Commands taken before this migration have none.
ALTER TABLE commands ADD COLUMN chain BLOB;
ALTER TABLE devices ADD COLUMN chain BLOB; -- end of the chain, that of last_n
ALTER TABLE devices ADD COLUMN sealed_n BIGINT NOT NULL DEFAULT 0; -- the last end written in the audit log
