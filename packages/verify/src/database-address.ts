/** True for the address of a PostgreSQL database, in the URI form of libpq. */
export function isDatabaseAddress(text: string): boolean {
  return /^postgres(?:ql)?:/i.test(text);
}

/** The address as it may be shown: without password and options, of which one may be a password too. */
export function nameOfDatabase(address: string): string {
  if (!URL.canParse(address)) return "postgres:";
  const { protocol, username, host, pathname } = new URL(address);
  return `${protocol}//${username === "" ? "" : `${username}@`}${host}${pathname}`;
}
