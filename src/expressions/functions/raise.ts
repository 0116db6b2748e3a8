import { failed } from '../errors';

/** What Python raises, by the name of its exception. */
export const raised = (type: string, message: string): Error => failed(message, type);
