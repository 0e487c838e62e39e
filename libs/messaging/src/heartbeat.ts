const HEARTBEAT_SECONDS = 5;

/** The URL with a heartbeat, which detects a connection that went silent. */
export function withHeartbeat(url: string): string {
  const beating = new URL(url);
  if (!beating.searchParams.has('heartbeat'))
    beating.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return beating.href;
}
