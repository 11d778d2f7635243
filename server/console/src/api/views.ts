// Named views of lists, kept with the account.
import { del, get, post } from './client';
import type { SavedView } from './contract';

export const listViews = async (list: string): Promise<SavedView[]> =>
  (await get<{ saved_views: SavedView[] }>('/v1/saved_views', { list })).saved_views;
export const saveView = async (list: string, name: string, query: string): Promise<SavedView> =>
  (await post<{ saved_view: SavedView }>('/v1/saved_views', { list, name, query })).saved_view;
export const removeView = (id: string) => del<void>(`/v1/saved_views/${id}`);
