const COUNT = new Intl.NumberFormat("en");

/** 12345 as "12,345". */
export const countText = (count: number): string => COUNT.format(count);

/** "1 picture", "12,345 pictures". */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

/** A share of 0 to 1 in percent; what is there is never shown as nothing. */
export function percentText(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 1) return "<1 %";
  if (percent > 99 && percent < 100) return ">99 %";
  return `${Math.round(percent)} %`;
}
