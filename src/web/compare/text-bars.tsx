import { type ReactElement, useCallback, useMemo, useState } from "react";
import { setFilter } from "../state/filtered-rows.ts";
import { useExplorer } from "../state/store.ts";
import { barShares } from "./bar-shares.ts";
import type { TextDimension } from "./dimension.ts";
import { TextBar } from "./text-bar.tsx";
import type { FieldCounts } from "./use-field-counts.ts";

interface TextBarsProps {
  readonly field: number;
  readonly dimension: TextDimension;
  readonly counts: FieldCounts;
}

const FEW = 7;
const NO_CODES: readonly number[] = [];

/** Texts with a bar each, those with most pictures first; clicking filters for one, more clicks for several. */
export function TextBars({ field, dimension, counts }: TextBarsProps): ReactElement {
  const filter = useExplorer((state) => state.filters.get(field));
  const [isLong, setLong] = useState(false);
  const { all, shown, labels, isNarrowed } = counts;
  const { codes } = dimension;
  const chosen = filter?.kind === "texts" ? filter.codes : NO_CODES;
  const shares = useMemo(() => barShares(all, shown), [all, shown]);
  const order = useMemo(() => {
    const places = codes.map((_, place) => place).filter((place) => all[place]! > 0);
    return places.sort((a, b) => shown[b]! - shown[a]! || all[b]! - all[a]! || a - b);
  }, [codes, all, shown]);
  const listed = order.filter((place, i) => isLong || i < FEW || chosen.includes(codes[place]!));
  const toggle = useCallback((code: number) => toggleText(field, code), [field]);
  return (
    <div className="text-bars">
      <ul>
        {listed.map((place) => (
          <li key={codes[place]}>
            <TextBar
              code={codes[place]!}
              text={labels.get(codes[place]!) ?? ""}
              all={all[place]!}
              shown={shown[place]!}
              allShare={shares.all[place]!}
              shownShare={shares.shown[place]!}
              isNarrowed={isNarrowed}
              isChosen={chosen.length === 0 ? null : chosen.includes(codes[place]!)}
              onToggle={toggle}
            />
          </li>
        ))}
      </ul>
      {order.length > FEW ? (
        <button type="button" className="chart-more" onClick={() => setLong(!isLong)}>
          {isLong ? "Fewer" : `All ${order.length}`}
        </button>
      ) : null}
    </div>
  );
}

function toggleText(field: number, code: number): void {
  const filter = useExplorer.getState().filters.get(field);
  const chosen = filter?.kind === "texts" ? filter.codes : NO_CODES;
  const next = chosen.includes(code) ? chosen.filter((one) => one !== code) : [...chosen, code];
  setFilter(field, next.length === 0 ? null : { kind: "texts", codes: next });
}
