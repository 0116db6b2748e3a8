import type { Permission, Principal } from '../model/principal';

/**
 * Whether a principal may do something to a resource (its uid or ref; undefined for a whole kind). Every service function calls this
 * before anything else, so roles are added here and at no other place. Throws FORBIDDEN; today everybody may do everything,
 * as in StackStorm without RBAC.
 */
export function authorise(_principal: Principal, _permission: Permission, _resource?: string): void {
  return undefined;
}
