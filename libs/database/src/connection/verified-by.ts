/** A variable is invalid, as `ConfigurationError` of the services; known by its name. */
class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Ask for TLS, as the connection that DATABASE_CA verifies does. */
const DEMANDS = ['sslmode', 'ssl'];
const DEMANDED = ['allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'true', '1'];

/** The driver makes its own options of these, and drops the certificate of DATABASE_CA. */
const DRIVERS = ['sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'];

/**
 * A connection whose server is verified with this certificate authority, including its host name.
 *
 * The driver prefers what the URL says about TLS: beside `sslmode=no-verify`, a CA verifies nothing. So the URL keeps nothing of it.
 *
 * @param ca in PEM
 * @throws ConfigurationError if the URL asks for less, or names certificates too
 */
export function verifiedBy(
  url: string,
  ca: string,
): { readonly url: string; readonly ssl: { readonly ca: string } } {
  const bare = new URL(url);
  for (const name of DRIVERS) {
    if (bare.searchParams.has(name))
      throw refused(`no ${name} beside DATABASE_CA`, `${name}: remove one of the two`);
  }
  for (const name of DEMANDS) {
    for (const value of bare.searchParams.getAll(name)) {
      if (!DEMANDED.includes(value))
        throw refused(
          `an ${name} that goes with DATABASE_CA, such as sslmode=verify-full, or none`,
          `${name}=${/^[\w-]{0,32}$/.test(value) ? value : '…'}`,
        );
    }
    bare.searchParams.delete(name);
  }
  return { url: bare.href, ssl: { ca } };
}

function refused(expected: string, got: string): ConfigurationError {
  return new ConfigurationError(`DATABASE_URL: expected ${expected}, got ${got}`);
}
