/**
 * Adjusted mutual information of two partitions, arithmetic normalisation (Vinh, Epps & Bailey 2010; checked
 * against scikit-learn 1.2's adjusted_mutual_info_score in agreement.test.ts): 1 for equal, about 0 for chance.
 */
export function adjustedMutualInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { table, rows, cols, total } = contingency(a, b);
  if (rows.length <= 1 && cols.length <= 1) return 1;
  const information = mutualInformation(table, rows, cols, total);
  const expected = expectedMutualInformation(rows, cols, total);
  const mean = (entropy(rows, total) + entropy(cols, total)) / 2;
  return (information - expected) / (mean - expected);
}

/** Share of points whose class is the commonest of their cluster. */
export function purity(clusters: ArrayLike<number>, classes: ArrayLike<number>): number {
  const { table, total } = contingency(clusters, classes);
  return table.reduce((sum, line) => sum + Math.max(...line), 0) / total;
}

function contingency(a: ArrayLike<number>, b: ArrayLike<number>) {
  const rowOf = new Map([...new Set(Array.from(a))].map((value, i) => [value, i]));
  const colOf = new Map([...new Set(Array.from(b))].map((value, i) => [value, i]));
  const table = Array.from({ length: rowOf.size }, () => new Array<number>(colOf.size).fill(0));
  for (let i = 0; i < a.length; i++) table[rowOf.get(a[i]!)!]![colOf.get(b[i]!)!]! += 1;
  const rows = table.map((line) => line.reduce((sum, count) => sum + count, 0));
  const cols = [...colOf.values()].map((col) => table.reduce((sum, line) => sum + line[col]!, 0));
  return { table, rows, cols, total: a.length };
}

function entropy(counts: readonly number[], total: number): number {
  return -counts.reduce((sum, count) => sum + (count / total) * Math.log(count / total), 0);
}

function mutualInformation(
  table: readonly (readonly number[])[],
  rows: readonly number[],
  cols: readonly number[],
  total: number,
): number {
  let sum = 0;
  table.forEach((line, i) => {
    line.forEach((count, j) => {
      if (count > 0) sum += (count / total) * Math.log((count * total) / (rows[i]! * cols[j]!));
    });
  });
  return sum;
}

/** Vinh, Epps & Bailey 2010, equation 24a, with the factorials as logarithms. */
function expectedMutualInformation(rows: readonly number[], cols: readonly number[], total: number): number {
  const logFactorial = new Float64Array(total + 1);
  for (let i = 2; i <= total; i++) logFactorial[i] = logFactorial[i - 1]! + Math.log(i);
  const f = (n: number): number => logFactorial[n]!;
  let sum = 0;
  for (const a of rows) {
    for (const b of cols) {
      for (let n = Math.max(1, a + b - total); n <= Math.min(a, b); n++) {
        const weight = (n / total) * Math.log((total * n) / (a * b));
        const chance =
          f(a) +
          f(b) +
          f(total - a) +
          f(total - b) -
          f(total) -
          f(n) -
          f(a - n) -
          f(b - n) -
          f(total - a - b + n);
        sum += weight * Math.exp(chance);
      }
    }
  }
  return sum;
}
