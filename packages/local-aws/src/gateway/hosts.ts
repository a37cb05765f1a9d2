/** A name or an address, and perhaps a port. */
const HOST = /^((?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)|\[[0-9a-f:.]+\])(?::([1-9]\d{0,4}))?$/i;

/** Throws TypeError for anything but `host` or `host:port`. */
export function checkHost(text: string): void {
  const [, , port] = HOST.exec(text) ?? [];
  if (HOST.test(text) && Number(port ?? 1) <= 65_535) return;
  throw new TypeError(`Not a host such as devbox:8080: ${text}`);
}

/**
 * Whether the header `Host` names an allowed host. One that is allowed without a port may have any. The prefix of
 * StartSyncExecution, `sync-`, may stand before it.
 */
export function isAllowedHost(header: string, allowed: readonly string[]): boolean {
  const [, name, port] = HOST.exec(header.toLowerCase()) ?? [];
  if (name === undefined) return false;
  const given = [name, name.replace(/^sync-/, '')].flatMap((each) => [each, `${each}:${port ?? 80}`]);
  return allowed.some((host) => given.includes(host.toLowerCase()));
}
