import { useEffect, useState } from "react";

/** What the server says about a row, while it is asked: null, or of the row before. Stale answers are dropped. */
export function useAnswer<Answer>(
  row: number,
  ask: (row: number, signal: AbortSignal) => Promise<Answer>,
): { readonly answer: Answer | null; readonly isOf: number | null; readonly failure: string | null } {
  const [held, setHeld] = useState<{ answer: Answer | null; isOf: number | null; failure: string | null }>({
    answer: null,
    isOf: null,
    failure: null,
  });
  useEffect(() => {
    const asking = new AbortController();
    ask(row, asking.signal).then(
      (answer) => {
        if (!asking.signal.aborted) setHeld({ answer, isOf: row, failure: null });
      },
      (error: unknown) => {
        if (asking.signal.aborted) return;
        setHeld({ answer: null, isOf: row, failure: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => asking.abort();
  }, [row, ask]);
  return held;
}
