import { ApiError } from '@bastion/platform';
import { Prisma } from '../generated/prisma/client.js';

const UNIQUE_VIOLATION = 'P2002';

/**
 * Waits for a write and answers ALREADY_EXISTS where a unique index refuses it: the database, and
 * not a look beforehand, decides whether a name is taken.
 */
export async function refuseTaken<T>(message: string, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ApiError('ALREADY_EXISTS', message, undefined, { cause: error });
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === UNIQUE_VIOLATION;
}
