// Named views of the order list: choose, save, remove. A view is a URL, so it can also be sent to a colleague.
import { DeleteOutlined, FolderOpenOutlined } from '@ant-design/icons';
import { App, Button, Input, Popover } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useSession } from '@/app/session';
import { useText } from '@/i18n';
import { isSameQuery, MOST_VIEWS, readViews, type SavedView, withView, writeViews } from '@/util/savedViews';

const LIST = 'orders';

export function SavedViews() {
  const { t } = useText();
  const { message } = App.useApp();
  const { staff } = useSession();
  const [params, setParams] = useSearchParams();
  const [views, setViews] = useState(() => readViews(localStorage, staff.id, LIST));
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const keep = (next: SavedView[]) => {
    writeViews(localStorage, staff.id, LIST, next);
    setViews(next);
  };
  const save = () => {
    const wanted = name.trim();
    if (wanted === '') return;
    const next = withView(views, wanted, params.toString());
    if (next.length > MOST_VIEWS) {
      void message.warning(t('views.full', { count: MOST_VIEWS }));
      return;
    }
    keep(next);
    setName('');
    void message.success(t('views.saved', { name: wanted }));
  };
  const current = views.find((view) => isSameQuery(view.query, params.toString()));
  const content = (
    <div className="col" style={{ width: 300 }}>
      {views.length === 0 && <span className="muted">{t('views.none')}</span>}
      <ul className="view-list">
        {views.map((view) => (
          <li key={view.name}>
            <button
              type="button"
              className={view === current ? 'is-current' : ''}
              onClick={() => {
                setParams(new URLSearchParams(view.query));
                setOpen(false);
              }}
            >
              {view.name}
            </button>
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t('views.remove', { name: view.name })}
              onClick={() => keep(views.filter((each) => each.name !== view.name))}
            />
          </li>
        ))}
      </ul>
      <Input
        value={name}
        maxLength={30}
        aria-label={t('views.name')}
        placeholder={t('views.name')}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={save}
      />
      <Button disabled={name.trim() === ''} onClick={save}>
        {t('views.save')}
      </Button>
      <span className="faint">{t('views.note')}</span>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" open={isOpen} onOpenChange={setOpen} content={content}>
      <Button icon={<FolderOpenOutlined />}>{current?.name ?? t('views.title')}</Button>
    </Popover>
  );
}
