import type { ConsoleRole } from '@backup-awareness/database';
import type { OidcConfiguration } from './oidc-configuration.js';

type RoleRules = Pick<OidcConfiguration, 'roleClaim' | 'operatorValue' | 'viewerValue'>;

/** The role that claims give, the higher one if both; undefined: none. */
export function oidcRole(
  claims: Readonly<Record<string, unknown>>,
  { roleClaim, operatorValue, viewerValue }: RoleRules,
): ConsoleRole | undefined {
  const value = claimAt(claims, roleClaim);
  const values = Array.isArray(value) ? value : [value];
  if (operatorValue !== undefined && values.includes(operatorValue)) return 'operator';
  return viewerValue !== undefined && values.includes(viewerValue) ? 'viewer' : undefined;
}

/** A claim by its name, which may have dots in it, or else by a path. */
function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split('.').reduce<unknown>((at, name) => {
    const isObject = typeof at === 'object' && at !== null && Object.hasOwn(at, name);
    return isObject ? (at as Record<string, unknown>)[name] : undefined;
  }, claims);
}
