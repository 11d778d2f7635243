-- What a phone's data key is left with, so that a key store that lost its own key costs a sign-in and no
-- work. Drawn at the next sign-in of the phone; 64 hexadecimal digits.
ALTER TABLE devices ADD COLUMN recovery_key TEXT;
