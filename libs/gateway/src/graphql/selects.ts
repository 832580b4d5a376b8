import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

/** Whether this member of the answer was asked for, so that what nobody reads is not fetched. */
export function selects(info: GraphQLResolveInfo, member: string): boolean {
  const within = (set: SelectionSetNode | undefined): boolean =>
    (set?.selections ?? []).some((selection) => {
      if (selection.kind === Kind.FIELD) return selection.name.value === member;
      if (selection.kind === Kind.INLINE_FRAGMENT) return within(selection.selectionSet);
      return within(info.fragments[selection.name.value]?.selectionSet);
    });
  return info.fieldNodes.some(({ selectionSet }) => within(selectionSet));
}
