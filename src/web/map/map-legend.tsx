import { type ReactElement, useEffect } from "react";
import { conceptColor, cssColor } from "../../core/view/concept-color.ts";
import { loadColumn, typedValues } from "../state/columns.ts";
import { useExplorer } from "../state/store.ts";
import { countText } from "../ui/count-text.ts";
import { useShownTheme } from "../ui/use-shown-theme.ts";
import { neutralColor, rampColor, type Theme } from "./palette.ts";
import { COLORED_TEXTS, rampRange } from "./point-colors.ts";

const RAMP_STOPS = 9;
const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const DATE = new Intl.DateTimeFormat("en", {
  year: "numeric",
  month: "short",
  day: "numeric",
  timeZone: "UTC",
});

/** What the colours mean, where the names on the map do not say it. */
export function MapLegend(): ReactElement | null {
  const colorBy = useExplorer((state) => state.colorBy);
  const theme = useShownTheme();
  if (colorBy.kind === "concept") return null;
  return (
    <section className="map-legend stage-card" aria-label="Legend">
      {colorBy.kind === "probability" ? (
        <Ramp title="Probability" low="0" high="1" theme={theme} hasMissing={false} />
      ) : (
        <ColumnLegend index={colorBy.index} theme={theme} />
      )}
    </section>
  );
}

function ColumnLegend({ index, theme }: { readonly index: number; readonly theme: Theme }): ReactElement {
  const title = useExplorer((state) => state.model?.columns[index]?.name) ?? "";
  const column = useExplorer((state) => state.columns.get(index));
  useEffect(() => void loadColumn(index), [index]);
  if (column === undefined) return <p className="quiet">{title}: loading</p>;
  if (column.type === "text") return <TextLegend title={title} texts={column.texts} theme={theme} />;
  const values = typedValues(column);
  const { low, high } = rampRange(values);
  const text = (value: number): string =>
    column.type === "date" ? DATE.format(value) : NUMBER.format(value);
  const hasMissing = values.some((value) => Number.isNaN(value));
  return <Ramp title={title} low={text(low)} high={text(high)} theme={theme} hasMissing={hasMissing} />;
}

interface RampProps {
  readonly title: string;
  readonly low: string;
  readonly high: string;
  readonly theme: Theme;
  readonly hasMissing: boolean;
}

function Ramp({ title, low, high, theme, hasMissing }: RampProps): ReactElement {
  const stops = Array.from({ length: RAMP_STOPS }, (_, stop) =>
    cssColor(rampColor(stop / (RAMP_STOPS - 1), theme)),
  );
  return (
    <>
      <h2 dir="auto">{title}</h2>
      <div className="map-ramp" style={{ background: `linear-gradient(to right, ${stops.join(", ")})` }} />
      <p className="map-ramp-ends number">
        <span>{low}</span>
        <span>{high}</span>
      </p>
      {hasMissing ? <Entry color={cssColor(neutralColor(theme))} text="not given" /> : null}
    </>
  );
}

interface TextLegendProps {
  readonly title: string;
  readonly texts: readonly string[];
  readonly theme: Theme;
}

function TextLegend({ title, texts, theme }: TextLegendProps): ReactElement {
  const colored = texts.slice(0, COLORED_TEXTS);
  const rest = texts.length - colored.length;
  return (
    <>
      <h2 dir="auto">{title}</h2>
      <ul>
        {colored.map((text, place) => (
          <li key={text}>
            <Entry color={cssColor(conceptColor(place, theme))} text={text} />
          </li>
        ))}
        <li>
          <Entry
            color={cssColor(neutralColor(theme))}
            text={rest > 0 ? `${countText(rest)} more, or none` : "none"}
          />
        </li>
      </ul>
    </>
  );
}

function Entry({ color, text }: { readonly color: string; readonly text: string }): ReactElement {
  return (
    <span className="map-legend-entry">
      <span className="swatch" style={{ background: color }} />
      <span dir="auto">{text}</span>
    </span>
  );
}
