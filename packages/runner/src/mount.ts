/** One step of building the file system a process sees. Paths are absolute; steps apply in order. */
export type Mount =
  | {
      readonly kind: "read" | "write";
      readonly path: string;
      /** The number under which the sandbox's process holds the place open; without it bubblewrap looks up the path. */
      readonly descriptor?: number;
    }
  /** A symbolic link of the root folder, as distributions with a merged `/usr` have them. */
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  /** An empty folder in memory, gone with the run. */
  | { readonly kind: "temporary"; readonly path: string; readonly bytesMax: number }
  /** Covers `path` by something empty that lets nobody in, so that who tries is refused, and seen. */
  | {
      readonly kind: "hide";
      readonly path: string;
      readonly folder: boolean;
      /** Where the sandbox's process reads the cover of a file. */
      readonly descriptor?: number;
    };

/** The first descriptor of a mount; the lower ones are bubblewrap's own, see `DESCRIPTORS`. */
export const FIRST_PINNED = 10;

/** How large a private folder in memory may grow: enough for a build, not for the machine's memory. */
export const TEMPORARY_BYTES_MAX = 2 ** 30;

/** The options of bubblewrap for one step. @param recent whether it knows `--size` and `--perms`. */
export function mountArguments(mount: Mount, recent: boolean): readonly string[] {
  switch (mount.kind) {
    case "read":
      return bind("--ro-bind", mount);
    case "write":
      return bind("--bind", mount);
    case "link":
      return ["--symlink", mount.target, mount.path];
    case "temporary":
      return [...(recent ? ["--size", String(mount.bytesMax)] : []), "--tmpfs", mount.path];
    case "hide":
      return cover(mount, recent);
  }
}

/** An older bubblewrap covers as well, but its covers open as if nothing were withheld. */
function cover({ path, folder, descriptor }: Extract<Mount, { readonly kind: "hide" }>, recent: boolean) {
  const closed = recent ? ["--perms", "0000"] : [];
  if (folder) return [...closed, "--tmpfs", path, "--remount-ro", path];
  if (!recent || descriptor === undefined) return ["--ro-bind", "/dev/null", path];
  return [...closed, "--ro-bind-data", String(descriptor), path];
}

function bind(option: string, { path, descriptor }: { readonly path: string; readonly descriptor?: number }) {
  return descriptor === undefined ? [option, path, path] : [`${option}-fd`, String(descriptor), path];
}
