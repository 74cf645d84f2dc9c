import { ListFilter } from "lucide-react";
import type { ReactElement } from "react";
import { type ConceptListing as Listing, setState, useExplorer } from "../state/store.ts";
import { countOf, countText } from "../ui/count-text.ts";
import { countShown } from "./list-concepts.ts";

const SORTS: readonly { readonly sort: Listing["sort"]; readonly name: string }[] = [
  { sort: "size", name: "Largest first" },
  { sort: "name", name: "By name" },
  { sort: "stability", name: "Most stable first" },
  { sort: "clearness", name: "Clearest first" },
];

const SHOWS: readonly { readonly show: Listing["show"]; readonly name: string }[] = [
  { show: "shown", name: "All" },
  { show: "unclear", name: "Unclear" },
  { show: "hidden", name: "Hidden" },
];

/** Filter and order of the list. */
export function ConceptListing({ listed }: { readonly listed: number }): ReactElement {
  const listing = useExplorer((state) => state.listing);
  const concepts = useExplorer((state) => state.model?.concepts) ?? [];
  const counts = countShown(concepts);
  const change = (part: Partial<Listing>): void => setState({ listing: { ...listing, ...part } });
  const hasMeasured = concepts.some(({ stability }) => stability !== null);
  const sorts = SORTS.filter(({ sort }) => sort !== "stability" || hasMeasured);
  const choices = SHOWS.filter(({ show }) => show === listing.show || (show !== "shown" && counts[show] > 0));
  return (
    <div className="concept-listing">
      <label className="concept-filter">
        <ListFilter aria-hidden />
        <input
          type="search"
          aria-label="Filter concepts by name or word"
          placeholder="Filter concepts"
          value={listing.text}
          onChange={({ currentTarget }) => change({ text: currentTarget.value })}
        />
      </label>
      <select
        className="field concept-sort"
        aria-label="Order of the concepts"
        value={listing.sort}
        onChange={({ currentTarget }) => change({ sort: currentTarget.value as Listing["sort"] })}
      >
        {sorts.map(({ sort, name }) => (
          <option key={sort} value={sort}>
            {name}
          </option>
        ))}
      </select>
      {choices.length === 1 && listing.show === "shown" ? null : (
        <fieldset className="concept-shows" aria-label="Which concepts">
          {SHOWS.filter(({ show }) => show === "shown" || counts[show] > 0 || show === listing.show).map(
            ({ show, name }) => (
              <button
                key={show}
                type="button"
                className="chip number"
                aria-pressed={listing.show === show}
                onClick={() => change({ show })}
              >
                {name} {countText(counts[show])}
              </button>
            ),
          )}
        </fieldset>
      )}
      <p className="visually-hidden" aria-live="polite">
        {countOf(listed, "concept")}
      </p>
    </div>
  );
}
