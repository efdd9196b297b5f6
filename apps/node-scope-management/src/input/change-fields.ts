import { reasonSchema } from '@bastion/platform';
import { z } from 'zod';

/** What every change of something that has a version takes beside what it is about. */
export const changeFields = {
  reason: reasonSchema.nullish(),
  expectedVersion: z.number().int().positive().nullish(),
};
