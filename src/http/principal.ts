import type { Request } from 'express';
import type { Principal } from '../model/principal';
import { systemPrincipal } from '../model/principal';

/** Who asks. Everybody is the system user until authentication comes; it comes here. */
export function principalOf(_request: Request): Principal {
  return systemPrincipal('api');
}
