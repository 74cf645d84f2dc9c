// How well a clustering agrees with true groups; -1 is noise or background. Checked against scikit-learn 1.2.1.

/**
 * What the tables report of a clustering.
 * - `members`: AMI over the points that truly belong to a group, those left as noise counted as one cluster;
 * - `purity`: of those of them that got a cluster;
 * - `all`: AMI over all points, background and noise counted as a group each;
 * - `clusters`, `noise`: number of clusters, share of all points left as noise.
 */
export function quality(labels, truth) {
  const all = Array.from(labels.keys());
  const members = all.filter((i) => truth[i] !== -1);
  const both = members.filter((i) => labels[i] !== -1);
  const noise = all.filter((i) => labels[i] === -1);
  const on = (rows) =>
    adjustedMutualInformation(
      rows.map((i) => labels[i]),
      rows.map((i) => truth[i]),
    );
  return {
    members: on(members),
    all: on(all),
    purity: purity(
      both.map((i) => labels[i]),
      both.map((i) => truth[i]),
    ),
    clusters: new Set(labels).size - (noise.length > 0 ? 1 : 0),
    noise: noise.length / all.length,
  };
}

/** Adjusted mutual information, arithmetic normalisation (Vinh, Epps and Bailey 2010): 1 for equal, about 0 for chance. */
export function adjustedMutualInformation(a, b) {
  const { cells, rows, cols } = contingency(a, b);
  const total = a.length;
  if (rows.length <= 1 && cols.length <= 1) return 1;
  let information = 0;
  for (const [row, col, count] of cells) {
    information += (count / total) * Math.log((count * total) / (rows[row] * cols[col]));
  }
  const expected = expectedInformation(rows, cols, total);
  const mean = (entropy(rows, total) + entropy(cols, total)) / 2;
  return (information - expected) / (mean - expected);
}

/** Share of points whose class is the commonest of their cluster. */
export function purity(clusters, classes) {
  const { cells, rows } = contingency(clusters, classes);
  const most = new Array(rows.length).fill(0);
  for (const [row, , count] of cells) most[row] = Math.max(most[row], count);
  return most.reduce((sum, count) => sum + count, 0) / clusters.length;
}

function contingency(a, b) {
  const rowOf = new Map();
  const colOf = new Map();
  const place = (map, value) => {
    if (!map.has(value)) map.set(value, map.size);
    return map.get(value);
  };
  const counts = new Map();
  const rows = [];
  const cols = [];
  for (let i = 0; i < a.length; i++) {
    const row = place(rowOf, a[i]);
    const col = place(colOf, b[i]);
    rows[row] = (rows[row] ?? 0) + 1;
    cols[col] = (cols[col] ?? 0) + 1;
    const key = row * 1_000_003 + col;
    const cell = counts.get(key);
    if (cell === undefined) counts.set(key, [row, col, 1]);
    else cell[2]++;
  }
  return { cells: [...counts.values()], rows, cols };
}

function entropy(counts, total) {
  return -counts.reduce((sum, count) => sum + (count / total) * Math.log(count / total), 0);
}

/** Vinh, Epps and Bailey 2010, equation 24a, with the factorials as logarithms; equal sizes are summed once. */
function expectedInformation(rows, cols, total) {
  const f = new Float64Array(total + 1);
  for (let i = 2; i <= total; i++) f[i] = f[i - 1] + Math.log(i);
  let sum = 0;
  for (const [a, rowsOfSize] of tally(rows)) {
    for (const [b, colsOfSize] of tally(cols)) {
      const fixed = f[a] + f[b] + f[total - a] + f[total - b] - f[total];
      let part = 0;
      for (let n = Math.max(1, a + b - total); n <= Math.min(a, b); n++) {
        const chance = fixed - f[n] - f[a - n] - f[b - n] - f[total - a - b + n];
        if (chance > -40) part += (n / total) * Math.log((total * n) / (a * b)) * Math.exp(chance);
      }
      sum += part * rowsOfSize * colsOfSize;
    }
  }
  return sum;
}

function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
