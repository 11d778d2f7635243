// Keyset paging with react-query: pages are appended, the cursor stays opaque.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Meta } from '@/api/contract';

interface Options<P extends { meta: Meta }, R> {
  queryKey: readonly unknown[];
  fetchPage: (cursor: string | null, signal: AbortSignal) => Promise<P>;
  rowsOf: (page: P) => R[];
  isOff?: boolean;
}

export interface Paged<R> {
  rows: R[];
  total: number | null;
  hasMore: boolean;
  isLoading: boolean;
  isLoadingMore: boolean;
  isStale: boolean;
  problem: unknown;
  loadMore: () => void;
  reload: () => void;
}

export function usePaged<P extends { meta: Meta }, R>(options: Options<P, R>): Paged<R> {
  const { queryKey, fetchPage, rowsOf, isOff = false } = options;
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: P) => last.meta.next_cursor,
    placeholderData: keepPreviousData,
    enabled: !isOff,
  });
  const pages = query.data?.pages;
  // rowsOf is a plain projection; only the pages decide whether the rows changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const rows = useMemo(() => (pages ?? []).flatMap(rowsOf), [pages]);
  return {
    rows,
    total: pages?.[0]?.meta.total ?? null,
    hasMore: query.hasNextPage,
    isLoading: query.isPending && !isOff,
    isLoadingMore: query.isFetchingNextPage,
    isStale: query.isPlaceholderData,
    problem: query.error,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
    reload: () => void query.refetch(),
  };
}
