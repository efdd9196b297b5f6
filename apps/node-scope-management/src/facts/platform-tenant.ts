/** The reserved tenant whose principals operate the others, and whose services serve them all. */
export const PLATFORM_TENANT = 'platform';
