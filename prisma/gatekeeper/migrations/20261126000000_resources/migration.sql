ALTER TABLE projected_facts DROP CONSTRAINT known_kind;
ALTER TABLE projected_facts ADD CONSTRAINT known_kind CHECK (
  kind IN ('tenant', 'principal', 'group', 'membership', 'scope', 'resource', 'role', 'assignment'));
