import { z } from 'zod';

/** An open set of words such as `workspace` and `folder`, shaped as resource types are. */
export const scopeTypeSchema = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'Expected 1 to 64 letters, digits, ".", "_" or "-"');
