import { Kind, type FragmentDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';

export interface Measured {
  /** Levels of fields. */
  readonly depth: number;
  /** As often as they would be answered: those of a fragment count at each of its uses. */
  readonly aliases: number;
  readonly introspects: boolean;
}

const NOTHING: Measured = { depth: 0, aliases: 0, introspects: false };

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** What a query would ask, without asking it. Each fragment is looked at once; one that contains itself is refused by validation. */
export function measure(root: SelectionSetNode, fragments: Fragments): Measured {
  const known = new Map<string, Measured>();

  const ofSet = (set: SelectionSetNode | undefined): Measured =>
    (set?.selections ?? []).map(ofSelection).reduce(together, NOTHING);

  const ofSelection = (selection: SelectionNode): Measured => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofSet(selection.selectionSet);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    const inside = ofSet(selection.selectionSet);
    return {
      depth: inside.depth + 1,
      aliases: inside.aliases + (selection.alias ? 1 : 0),
      introspects: inside.introspects || /^__(schema|type)$/.test(selection.name.value),
    };
  };

  const ofFragment = (name: string): Measured => {
    const before = known.get(name);
    if (before) return before;
    known.set(name, NOTHING);
    const measured = ofSet(fragments.get(name)?.selectionSet);
    known.set(name, measured);
    return measured;
  };

  return ofSet(root);
}

const together = (one: Measured, other: Measured): Measured => ({
  depth: Math.max(one.depth, other.depth),
  aliases: one.aliases + other.aliases,
  introspects: one.introspects || other.introspects,
});
