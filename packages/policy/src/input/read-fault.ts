/** A value that cannot be read, and where; callers turn it into a refusal of their own. */
export class ReadFault extends Error {
  override readonly name = "ReadFault";
  readonly fault: string;
  readonly path: string;

  constructor(fault: string, path = "") {
    super(fault);
    this.fault = fault;
    this.path = path;
  }
}

/** The same fault seen from one level further out. */
export function faultAt(step: string, error: unknown): unknown {
  if (!(error instanceof ReadFault)) return error;
  const joined = error.path === "" || error.path.startsWith("[") ? step + error.path : `${step}.${error.path}`;
  return new ReadFault(error.fault, joined);
}

/** Runs `read`; a fault inside becomes what `refuse` makes of it. */
export function refusing<T>(read: () => T, refuse: (path: string, fault: string) => Error): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ReadFault) throw refuse(error.path, error.fault);
    throw error;
  }
}
