/** What the groups of an audit are called and what is in each, in the same words on a terminal and on the page. */
export const GROUP_WORDS = {
  live: { name: 'live', what: 'referenced by a checkpoint or savepoint' },
  reclaimable: { name: 'reclaimable', what: 'referenced by none, and old enough' },
  young: { name: 'young', what: 'younger than collect.minAge' },
  inProgress: { name: 'in progress', what: 'no later checkpoint proves yet that it is unused' },
  protected: { name: 'protected', what: 'task-owned, savepoints, copies, HA, markers, protect patterns' },
  unknown: { name: 'unknown', what: "not a name that Flink's state code writes" },
  undecided: { name: 'undecided', what: 'not decided while the area is undecidable' },
} as const;
