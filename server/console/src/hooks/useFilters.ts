// A list's filters in the URL: reading, changing, clearing. See util/filters.ts for the rules.
import { useCallback, useMemo } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { type FilterShape, type Filters, hiddenOf, readFilters, writeFilters } from '@/util/filters';

export function useFilters<S extends FilterShape>(shape: S) {
  const [params, setParams] = useSearchParams();
  const { state } = useLocation();
  const filters = useMemo(() => readFilters(shape, params, hiddenOf(state)), [shape, params, state]);
  const change = useCallback(
    (next: Filters<S>) => {
      const shown: Record<string, string | number | boolean | undefined> = {};
      const hidden = hiddenOf(state);
      for (const [name, value] of Object.entries(next)) {
        if (shape[name] !== 'private') shown[name] = value;
        else if (typeof value === 'string' && value !== '') hidden[name] = value;
        else delete hidden[name];
      }
      setParams((before) => writeFilters(before, shown), { replace: true, state: { hidden } });
    },
    [setParams, shape, state],
  );
  const clear = useCallback(() => setParams(new URLSearchParams(), { replace: true }), [setParams]);
  return { filters, change, clear };
}
