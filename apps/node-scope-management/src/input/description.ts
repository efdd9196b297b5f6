import { lineOfText } from '@bastion/platform';
import { z } from 'zod';

/** What something is for, in a line; may be empty. */
export const descriptionSchema = z.union([z.literal(''), lineOfText(1_000)]);
