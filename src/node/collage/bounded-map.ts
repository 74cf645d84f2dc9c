/** Maps in order of the input, at most `concurrency` at a time. Stops at the first failure or abort. */
export async function boundedMap<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Promise<Result>,
  options: { readonly concurrency: number; readonly signal?: AbortSignal | undefined },
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  let isFailed = false;
  const work = async (): Promise<void> => {
    while (next < items.length && !isFailed) {
      const index = next++;
      try {
        options.signal?.throwIfAborted();
        results[index] = await map(items[index]!);
      } catch (error) {
        isFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  return results;
}
