/** A variable is invalid, as `ConfigurationError` of the services; known by its name. */
class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Ask for TLS, as a connection with our certificates does. */
const DEMANDS = ['sslmode', 'ssl'];
const DEMANDED = ['allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'true', '1'];

/** The driver makes its own options of these, and drops ours. */
const DRIVERS = ['sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'];

/**
 * The URL of a database for a connection with the certificates of DATABASE_CA, DATABASE_CERT and DATABASE_KEY, which verifies the server
 * and its host name.
 *
 * The driver prefers what the URL says about TLS: beside `sslmode=no-verify`, a CA verifies nothing. So the URL keeps nothing of it.
 *
 * @throws ConfigurationError if the URL asks for less, or names certificates too
 */
export function verifiedUrl(url: string): string {
  const bare = new URL(url);
  for (const name of DRIVERS) {
    if (bare.searchParams.has(name))
      throw refused(
        `no ${name} beside DATABASE_CA or DATABASE_CERT`,
        `${name}: remove one of the two`,
      );
  }
  for (const name of DEMANDS) {
    for (const value of bare.searchParams.getAll(name)) {
      if (!DEMANDED.includes(value))
        throw refused(
          `an ${name} that goes with DATABASE_CA or DATABASE_CERT, such as sslmode=verify-full, or none`,
          `${name}=${/^[\w-]{0,32}$/.test(value) ? value : '…'}`,
        );
    }
    bare.searchParams.delete(name);
  }
  return bare.href;
}

function refused(expected: string, got: string): ConfigurationError {
  return new ConfigurationError(`DATABASE_URL: expected ${expected}, got ${got}`);
}
