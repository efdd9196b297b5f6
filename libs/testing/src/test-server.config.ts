/**
 * The URL of a superuser of the PostgreSQL server that tests run on; the set-up of the integration
 * tests starts one where the environment names none.
 */
export function testServerUrl(): string {
  const url = process.env['BASTION_TEST_PG_URL'];
  if (!url) throw new Error('Set BASTION_TEST_PG_URL to a superuser of a test PostgreSQL.');
  return url;
}
