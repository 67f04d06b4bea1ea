/** The official JSON form of a schema, with names resolved; the parts that are read. */
export interface NamespaceJson {
  readonly commonTypes?: Readonly<Record<string, TypeJson>>;
  readonly entityTypes?: Readonly<Record<string, EntityTypeJson>>;
  readonly actions?: Readonly<Record<string, ActionJson>>;
}

export interface TypeJson {
  readonly type: string;
  readonly element?: TypeJson;
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, TypeJson & { readonly required?: boolean }>>;
  readonly additionalAttributes?: boolean;
}

export interface EntityTypeJson {
  readonly enum?: readonly string[];
  readonly memberOfTypes?: readonly string[];
  readonly shape?: TypeJson;
  readonly tags?: TypeJson;
}

export interface ActionJson {
  readonly appliesTo?: {
    readonly principalTypes: readonly string[];
    readonly resourceTypes: readonly string[];
    readonly context?: TypeJson;
  };
  readonly memberOf?: readonly { readonly type?: string; readonly id: string }[];
  readonly attributes?: unknown;
}

/** A name inside its namespace, fully spelled. */
export function qualified(namespace: string, name: string): string {
  return namespace === "" ? name : `${namespace}::${name}`;
}
