/** The filter for texts that contain this one, in any case; its `%` and `_` are letters like others. */
export function containing(text: string) {
  return { contains: text.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' } as const;
}
