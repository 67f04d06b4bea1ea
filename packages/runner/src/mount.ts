/** One step of building the file system a process sees. Paths are absolute; steps apply in order. */
export type Mount =
  | { readonly kind: "read" | "write"; readonly path: string }
  /** A symbolic link of the root folder, as distributions with a merged `/usr` have them. */
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  /** An empty folder in memory, gone with the run. */
  | { readonly kind: "temporary"; readonly path: string; readonly bytesMax: number }
  /** Covers what lies under `path`: an empty read-only folder, or an empty file. */
  | { readonly kind: "hide"; readonly path: string; readonly folder: boolean };

/** How large a private folder in memory may grow: enough for a build, not for the machine's memory. */
export const TEMPORARY_BYTES_MAX = 2 ** 30;

/** The options of bubblewrap for one step. */
export function mountArguments(mount: Mount, boundedFolders: boolean): readonly string[] {
  switch (mount.kind) {
    case "read":
      return ["--ro-bind", mount.path, mount.path];
    case "write":
      return ["--bind", mount.path, mount.path];
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
