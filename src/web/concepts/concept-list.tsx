import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactElement, useEffect, useRef } from "react";
import { useExplorer } from "../state/store.ts";
import { ConceptCard } from "./concept-card.tsx";

/** Pixels of a closed card with the space below it. */
const CARD = 132;

/** The cards that are in view; arrow keys go from one to the next. @param ids -1 for the pictures in none */
export function ConceptList({ ids }: { readonly ids: readonly number[] }): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const focused = useExplorer((state) => state.focusedConcept);
  const cards = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => ids[index]!,
    estimateSize: () => CARD,
    overscan: 4,
  });
  // Only when another one is looked at, not when the list is put in another order.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const place = focused === null ? -1 : ids.indexOf(focused);
    if (place >= 0 && !isAtHand(scroller.current!, focused!)) cards.scrollToIndex(place, { align: "start" });
  }, [focused]);
  const moveByArrows = (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const from = event.currentTarget.dataset["concept"];
    const next = step === undefined ? -1 : ids.indexOf(Number(from)) + step;
    if (next < 0 || next >= ids.length) return;
    event.preventDefault();
    cards.scrollToIndex(next, { align: "auto" });
    requestAnimationFrame(() => cardOf(scroller.current, ids[next]!)?.focus());
  };
  const tabStop = focused !== null && ids.includes(focused) ? focused : ids[0];
  return (
    <div ref={scroller} className="concept-list">
      <ul style={{ height: cards.getTotalSize() }}>
        {cards.getVirtualItems().map(({ index, key, start }) => (
          <li
            key={key}
            ref={cards.measureElement}
            data-index={index}
            aria-setsize={ids.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start}px)` }}
          >
            <ConceptCard id={ids[index]!} isTabStop={ids[index] === tabStop} onKeyDown={moveByArrows} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Whether a card is in the upper half, with room for what opens below it: who has pressed it there does not want it to jump. */
function isAtHand(list: HTMLElement, id: number): boolean {
  const card = cardOf(list, id)?.getBoundingClientRect();
  const { top, bottom } = list.getBoundingClientRect();
  return card !== undefined && card.top >= top - 1 && card.top <= (top + bottom) / 2;
}

function cardOf(list: HTMLElement | null, id: number): HTMLElement | null {
  return list?.querySelector(`.concept-card-main[data-concept="${id}"]`) ?? null;
}
