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
  /** Covers what lies under `path`: an empty read-only folder, or an empty file. */
  | { readonly kind: "hide"; readonly path: string; readonly folder: boolean };

/** The first descriptor of a mount; the lower ones are bubblewrap's own, see `DESCRIPTORS`. */
export const FIRST_PINNED = 10;

/** How large a private folder in memory may grow: enough for a build, not for the machine's memory. */
export const TEMPORARY_BYTES_MAX = 2 ** 30;

/** The options of bubblewrap for one step. */
export function mountArguments(mount: Mount, boundedFolders: boolean): readonly string[] {
  switch (mount.kind) {
    case "read":
      return bind("--ro-bind", mount);
    case "write":
      return bind("--bind", mount);
    case "link":
      return ["--symlink", mount.target, mount.path];
    case "temporary":
      return [...(boundedFolders ? ["--size", String(mount.bytesMax)] : []), "--tmpfs", mount.path];
    case "hide":
      return mount.folder
        ? ["--tmpfs", mount.path, "--remount-ro", mount.path]
        : ["--ro-bind", "/dev/null", mount.path];
  }
}

function bind(option: string, { path, descriptor }: { readonly path: string; readonly descriptor?: number }) {
  return descriptor === undefined ? [option, path, path] : [`${option}-fd`, String(descriptor), path];
}
