/** A name that is not taken, and now is: the one wanted, with as much behind it as makes it the only one. */
export function freeName(wanted: string, id: number, taken: Set<string>): string {
  let free = wanted;
  for (let i = 1; taken.has(free); i++) free = i === 1 ? `${wanted} (${id})` : `${wanted} (${id}.${i})`;
  taken.add(free);
  return free;
}
