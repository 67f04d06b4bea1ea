import type { Refusal } from "@writ/kernel";

/** What a run could not measure or ensure: said in its receipt, for silence would claim it. */
export function caveats(found: {
  readonly unmeasured: readonly string[];
  readonly undigested: readonly string[];
  readonly planted: readonly string[];
  readonly pinned: boolean;
  readonly observed: boolean;
}): readonly Refusal[] {
  return [
    ...found.unmeasured.map(unmeasured),
    ...found.undigested.map(undigested),
    ...found.planted.map(planted),
    ...(found.pinned ? [] : [unpinned]),
    ...(found.observed ? [] : [unobserved]),
  ];
}

function unmeasured(path: string): Refusal {
  return { kind: "sandbox", target: path, detail: "unmeasured: what changed at or under it is not known" };
}

function undigested(path: string): Refusal {
  return { kind: "sandbox", target: path, detail: "its content was not digested: too large, or not to be read" };
}

function planted(path: string): Refusal {
  const detail = "hooks or settings of git were made or changed here: look at them before you run git in it";
  return { kind: "sandbox", target: path, detail };
}

const unpinned: Refusal = {
  kind: "sandbox",
  target: "mounts",
  detail: "paths were mounted by name, not from open folders: update bubblewrap to 0.10",
};

const unobserved: Refusal = {
  kind: "sandbox",
  target: "observer",
  detail: "refused attempts were not observed: install strace",
};
