/** The counts a collage's subtitle tells. */
export interface CollageCounts {
  /** All pictures of the collection. */
  readonly pictures: number;
  /** All concepts of the model. */
  readonly concepts: number;
  /** Pictures in no concept. */
  readonly unassigned: number;
  /** Concepts in the collage; default all. */
  readonly shown?: number | undefined;
}

/** For example `"1,911 pictures · 23 concepts, 12 shown · 212 in no concept (11 %)"`. */
export function collageSummary({ pictures, concepts, unassigned, shown = concepts }: CollageCounts): string {
  const parts = [
    counted(pictures, "picture"),
    shown < concepts
      ? `${counted(concepts, "concept")}, ${countText(shown)} shown`
      : counted(concepts, "concept"),
  ];
  if (unassigned > 0)
    parts.push(`${countText(unassigned)} in no concept (${percentText(unassigned / pictures)})`);
  return parts.join(" · ");
}

/** A whole number with commas between thousands. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A part of one as a percentage: one decimal below ten percent, none above. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return "< 0.1\u00a0%";
  return `${percent < 9.95 ? percent.toFixed(1).replace(/\.0$/, "") : percent.toFixed(0)}\u00a0%`;
}

function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}
