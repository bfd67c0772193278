const RULES: Readonly<Record<string, string>> = {
  localBufferCapacity: 'tiles that do not fit the local buffer',
  globalBufferCapacity: 'tiles that do not fit the global buffer',
  chipGroupBound: 'numbers of chips whose bound is no better than the best mapping',
  outerTileBound: 'DRAM loops and chip unrollings whose bound is no better',
  innerTileBound: 'global-buffer loops whose bound is no better',
}

/** What a pruning rule removes, in words. */
export function ruleText(rule: string): string {
  return RULES[rule] ?? rule
}
