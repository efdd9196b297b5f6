import { z } from 'zod';

/** Whether it is one is the access rules' to say; no lone surrogates, which nothing can store. */
export const conditionSchema = z.string().regex(/^\P{Cs}*$/u, 'No lone surrogates');
