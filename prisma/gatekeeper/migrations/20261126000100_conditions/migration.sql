-- An assignment under a condition is a row of a kind of its own, which a process of before there were
-- conditions does not read; a deny under one is there as one without, too.
ALTER TABLE projected_facts DROP CONSTRAINT known_kind;
ALTER TABLE projected_facts ADD CONSTRAINT known_kind CHECK (
  kind IN ('tenant', 'principal', 'group', 'membership', 'scope', 'resource', 'role', 'assignment',
           'conditional-assignment'));
