/** Colours of tokens as the page shows them: the tokens themselves name one colour for light pages and one for dark ones. */
export function themeColours<Name extends string>(
  beside: HTMLElement,
  names: readonly Name[],
): Record<Name, string> {
  const probe = document.createElement("span");
  beside.after(probe);
  const colours = names.map((name) => {
    probe.style.color = `var(${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(colours) as Record<Name, string>;
}
