/** What is there and not listed, each once, and what is listed and not there. */
export function differences(
  what: string,
  present: readonly string[],
  listed: readonly string[],
): string[] {
  const unlisted = new Set(present.filter((name) => !listed.includes(name)));
  const stale = listed.filter((name) => !present.includes(name));
  return [
    ...[...unlisted].map((name) => `${what} ${name}: not classified`),
    ...stale.map((name) => `${what} ${name}: classified, and does not exist`),
  ];
}
