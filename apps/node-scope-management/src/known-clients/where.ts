import { entityIdSchema, exactText } from '@bastion/platform';
import { z } from 'zod';

const MAX_TAKE = 500;
const filterText = exactText(500).nullish();

export const sliceInput = z.object({
  skip: z
    .number()
    .int()
    .min(0)
    .nullish()
    .transform((skip) => skip ?? 0),
  take: z
    .number()
    .int()
    .min(0)
    .max(MAX_TAKE)
    .nullish()
    .transform((take) => take ?? MAX_TAKE),
});

export const textInput = z
  .object({
    equals: filterText,
    startsWith: filterText,
    contains: filterText,
    mode: z.enum(['default', 'insensitive']).nullish(),
  })
  .nullish()
  .transform((match) => match ?? {});

export const idInput = z.object({ equals: entityIdSchema.nullish() });

export const boolInput = z.object({ equals: z.boolean().nullish() }).nullish();
