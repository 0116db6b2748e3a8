import { z } from 'zod';

/**
 * Fields that metadata may carry without Everstorm reading them: StackStorm's clients send a whole document back when they change one field of it.
 */
export const computedFields = {
  metadata_file: z.string().nullish(),
  id: z.string().nullish(),
  ref: z.string().nullish(),
  uid: z.string().nullish(),
};
