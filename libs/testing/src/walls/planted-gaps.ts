/** One way to leave a gap between tenants, and what it must be called. */
export interface PlantedGap {
  readonly what: string;
  readonly sql: string;
  readonly gap: string;
}

/** A table `planted` that keeps the wall for a role. */
export function soundTable(role: string): string {
  return `
    CREATE TABLE planted (tenant_id text NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
    ALTER TABLE planted ENABLE ROW LEVEL SECURITY;
    ALTER TABLE planted FORCE ROW LEVEL SECURITY;
    ${policy(role)};
    GRANT SELECT, INSERT, UPDATE, DELETE ON planted TO ${role};`;
}

/** Every kind of gap, each as what is done to {@link soundTable} by somebody who does not know better. */
export function plantedGaps(role: string): PlantedGap[] {
  return [
    {
      what: 'a table without a tenant',
      sql: 'CREATE TABLE bare (id uuid PRIMARY KEY)',
      gap: 'table bare: no tenant_id that is NOT NULL',
    },
    {
      what: 'a table without row-level security',
      sql: 'ALTER TABLE planted DISABLE ROW LEVEL SECURITY',
      gap: 'table planted: row-level security is not enabled',
    },
    {
      what: 'a table whose owner is not bound',
      sql: 'ALTER TABLE planted NO FORCE ROW LEVEL SECURITY',
      gap: 'table planted: row-level security is not forced on its owner',
    },
    {
      what: 'a table without a policy',
      sql: 'DROP POLICY tenant_wall ON planted',
      gap: 'table planted: no policy',
    },
    {
      what: 'a table whose only policy lets nothing through',
      sql: `DROP POLICY tenant_wall ON planted;
            CREATE POLICY narrow ON planted AS RESTRICTIVE FOR ALL TO ${role} USING (true)`,
      gap: 'table planted: no policy',
    },
    {
      what: 'a policy without WITH CHECK',
      sql: `DROP POLICY tenant_wall ON planted; ${policy(role, WALL, '')}`,
      gap: 'policy planted.tenant_wall: WITH CHECK is missing',
    },
    {
      what: 'a policy without USING',
      sql: `CREATE POLICY insert_anything ON planted FOR INSERT TO ${role} WITH CHECK (true)`,
      gap: 'policy planted.insert_anything: USING is missing',
    },
    {
      what: 'a policy that checks nothing',
      sql: `DROP POLICY tenant_wall ON planted; ${policy(role, 'true')}`,
      gap: 'policy planted.tenant_wall: USING is true',
    },
    {
      what: 'a policy for everybody',
      sql: `DROP POLICY tenant_wall ON planted; ${policy('PUBLIC')}`,
      gap: 'policy planted.tenant_wall: applies to every role',
    },
    {
      what: 'a key without the tenant',
      sql: 'ALTER TABLE planted ADD CONSTRAINT by_id UNIQUE (id)',
      gap: 'key planted.by_id: does not begin with tenant_id',
    },
    {
      what: 'a foreign key without the tenant',
      sql: `ALTER TABLE planted ADD CONSTRAINT by_id UNIQUE (id), ADD COLUMN next uuid,
              ADD CONSTRAINT to_next FOREIGN KEY (next) REFERENCES planted (id)`,
      gap: 'key planted.to_next: does not begin with tenant_id',
    },
    {
      what: 'a view of its owner',
      sql: 'CREATE VIEW around AS SELECT * FROM planted',
      gap: "view around: reads with its owner's rights",
    },
    {
      what: 'a view that keeps rows',
      sql: 'CREATE MATERIALIZED VIEW around AS SELECT * FROM planted',
      gap: "view around: reads with its owner's rights",
    },
    {
      what: 'a function of its owner',
      sql: `CREATE FUNCTION around() RETURNS bigint LANGUAGE sql SECURITY DEFINER
              AS 'SELECT count(*) FROM planted'`,
      gap: "function around: runs with its owner's rights",
    },
    {
      what: 'a function that nobody has listed',
      sql: "CREATE FUNCTION around() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
      gap: 'function around: not on the list',
    },
    {
      what: 'another schema',
      sql: 'CREATE SCHEMA elsewhere',
      gap: 'schema elsewhere: nobody looks at it',
    },
    {
      what: 'a role that passes by every policy',
      sql: `ALTER ROLE ${role} BYPASSRLS`,
      gap: `role ${role}: bypasses row-level security`,
    },
    {
      what: 'a role with a table of its own',
      sql: `ALTER TABLE planted OWNER TO ${role}`,
      gap: `role ${role}: owns a table`,
    },
    {
      what: 'a role that inherits from another',
      sql: `GRANT pg_read_all_data TO ${role}`,
      gap: `role ${role}: is a member of another role`,
    },
    {
      what: 'a role that may make tables',
      sql: `GRANT CREATE ON SCHEMA public TO ${role}`,
      gap: `role ${role}: may create in the schema`,
    },
    {
      what: 'a role that may empty tables',
      sql: `GRANT TRUNCATE ON planted TO ${role}`,
      gap: `role ${role}: may truncate`,
    },
    {
      what: 'a grant to everybody',
      sql: 'GRANT SELECT ON planted TO PUBLIC',
      gap: 'table planted: granted to every role',
    },
    {
      what: 'a grant of one column to everybody',
      sql: 'GRANT SELECT (id) ON planted TO PUBLIC',
      gap: 'table planted: granted to every role',
    },
    {
      what: 'a grant to a role of somebody else',
      sql: 'GRANT SELECT ON planted TO pg_monitor',
      gap: 'table planted: granted to pg_monitor',
    },
  ];
}

const WALL = 'tenant_id = current_tenant()';

function policy(role: string, using = WALL, check = ` WITH CHECK (${WALL})`): string {
  return `CREATE POLICY tenant_wall ON planted FOR ALL TO ${role} USING (${using})${check}`;
}
