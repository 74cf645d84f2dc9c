import { ImageUp, LoaderCircle, Search, X } from "lucide-react";
import { type ReactElement, useRef } from "react";
import { useExplorer } from "../state/store.ts";
import { clearSearch, searchPictureFile, setQuery } from "./edit-search.ts";
import { SearchPicture } from "./search-picture.tsx";
import { SearchStatus } from "./search-status.tsx";
import "./search-box.css";

function hintFor(hasWords: boolean, hasPicture: boolean): string {
  if (!hasWords) return "Drop a picture to find ones like it";
  return hasPicture ? "Add words: +red, -people" : "Search: beach, +snow -people, or drop a picture";
}

/** Words, signs and weights, and a picture: searched for as they come. */
export function SearchBox(): ReactElement {
  const query = useExplorer((state) => state.search.query);
  const status = useExplorer((state) => state.search.status);
  const searches = useExplorer((state) => state.model?.searches);
  const file = useRef<HTMLInputElement>(null);
  const hasWords = searches?.words ?? true;
  const hasPicture = useExplorer(({ search }) => search.picture !== null || search.like.length > 0);
  return (
    <search className="search-box">
      <span className="search-box-icon">
        {status === "running" ? <LoaderCircle className="spinning" aria-hidden /> : <Search aria-hidden />}
      </span>
      <SearchPicture />
      <input
        id="search"
        type="search"
        aria-label="Search for words"
        aria-keyshortcuts="/"
        placeholder={hintFor(hasWords, hasPicture)}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        value={query}
        disabled={!hasWords}
        onChange={({ currentTarget }) => setQuery(currentTarget.value)}
        onKeyDown={({ key, currentTarget }) => {
          // On a phone the keyboard covers the answer.
          if (key === "Enter") currentTarget.blur();
        }}
      />
      {status === "idle" ? (
        <kbd title="Press / to search">/</kbd>
      ) : (
        <button type="button" className="icon-button" aria-label="Clear the search" onClick={clearSearch}>
          <X aria-hidden />
        </button>
      )}
      {searches?.pictures === true ? (
        <button
          type="button"
          className="icon-button"
          aria-label="Search with a picture of yours"
          title="Search with a picture of yours"
          onClick={() => file.current?.click()}
        >
          <ImageUp aria-hidden />
        </button>
      ) : null}
      <input
        ref={file}
        type="file"
        accept="image/*"
        hidden
        onChange={({ currentTarget }) => {
          const picture = currentTarget.files?.[0];
          if (picture !== undefined) searchPictureFile(picture);
          currentTarget.value = "";
        }}
      />
      <SearchStatus />
    </search>
  );
}
