// Named views of the order list: choose, save, remove. They belong to the person wherever he signs in; a view is
// a URL, so it can also be sent to a colleague.
import { DeleteOutlined, FolderOpenOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Popover } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { SavedView } from '@/api/contract';
import { ApiProblem } from '@/api/errors';
import { keys } from '@/api/keys';
import { listViews, removeView, saveView } from '@/api/views';
import { useSession } from '@/app/session';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';
import { forgetLocalViews, isSameQuery, localViews } from '@/util/savedViews';

const LIST = 'orders';

/** The views of the account. What an older console kept in this browser moves there first, once; a name that is
 *  taken already stays as the account has it. */
async function viewsOf(staffId: string): Promise<SavedView[]> {
  const kept = await listViews(LIST);
  const left = localViews(localStorage, staffId, LIST);
  if (left.length === 0) return kept;
  for (const view of left.filter((each) => !kept.some((other) => other.name === each.name))) {
    try {
      await saveView(LIST, view.name, view.query);
    } catch (problem) {
      // One view too many is no reason to lose the others; a broken line is: the next visit tries again.
      if (!(problem instanceof ApiProblem && problem.status === 422)) throw problem;
    }
  }
  forgetLocalViews(localStorage, staffId, LIST);
  return await listViews(LIST);
}

export function SavedViews() {
  const { t } = useText();
  const { staff } = useSession();
  const [params, setParams] = useSearchParams();
  const [isOpen, setOpen] = useState(false);
  const views = useQuery({
    queryKey: keys.savedViews(LIST),
    queryFn: () => viewsOf(staff.id),
    staleTime: 60_000,
  });
  const current = views.data?.find((view) => isSameQuery(view.query, params.toString()));
  const choose = (view: SavedView) => {
    setParams(new URLSearchParams(view.query));
    setOpen(false);
  };
  const content = (
    <Views
      views={views.data ?? []}
      problem={views.error}
      current={current}
      query={params.toString()}
      onChoose={choose}
    />
  );
  return (
    <Popover trigger="click" placement="bottomRight" open={isOpen} onOpenChange={setOpen} content={content}>
      <Button icon={<FolderOpenOutlined />}>{current?.name ?? t('views.title')}</Button>
    </Popover>
  );
}

interface Props {
  views: readonly SavedView[];
  problem: unknown;
  current: SavedView | undefined;
  query: string;
  onChoose: (view: SavedView) => void;
}

function Views({ views, problem, current, query, onChoose }: Props) {
  const { t } = useText();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const refresh = () => client.invalidateQueries({ queryKey: keys.savedViews(LIST) });
  const save = useMutation({
    mutationFn: (view: { name: string; query: string }) => saveView(LIST, view.name, view.query),
    onSuccess: async () => {
      setName('');
      remove.reset();
      await refresh();
    },
  });
  const remove = useMutation({
    mutationFn: async (view: SavedView) => {
      await removeView(view.id);
      return view;
    },
    onSuccess: refresh,
  });
  const keep = () => {
    if (name.trim() !== '') save.mutate({ name: name.trim(), query });
  };
  const removed = remove.data;
  const trouble = save.error ?? remove.error ?? problem;
  return (
    <div className="col" style={{ width: 300 }}>
      {views.length === 0 && <span className="muted">{t('views.none')}</span>}
      <ul className="view-list">
        {views.map((view) => (
          <li key={view.id}>
            <button
              type="button"
              className={view === current ? 'is-current' : ''}
              onClick={() => onChoose(view)}
            >
              {view.name}
            </button>
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t('views.remove', { name: view.name })}
              onClick={() => remove.mutate(view)}
            />
          </li>
        ))}
      </ul>
      {removed !== undefined && (
        <div className="row" role="status">
          <span className="muted grow">{t('views.removed', { name: removed.name })}</span>
          <Button size="small" onClick={() => save.mutate(removed)}>
            {t('common.undo')}
          </Button>
        </div>
      )}
      <Input
        value={name}
        maxLength={30}
        aria-label={t('views.name')}
        placeholder={t('views.name')}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={keep}
      />
      <Button disabled={name.trim() === ''} loading={save.isPending} onClick={keep}>
        {t('views.save')}
      </Button>
      {trouble !== null && <Problem problem={trouble} />}
      <span className="faint">{t('views.note')}</span>
    </div>
  );
}
