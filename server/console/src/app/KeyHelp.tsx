// The table of keys, opened by `?`.
import { Modal } from 'antd';
import { useText } from '@/i18n';

const KEYS = [
  ['/', 'key_search'],
  ['J  K', 'key_down_up'],
  ['Enter', 'key_open'],
  ['X', 'key_mark'],
  ['A', 'key_assign'],
  ['R', 'key_reject'],
  ['Z', 'key_undo'],
  ['G', 'key_storm'],
  ['Ctrl Enter', 'key_save'],
  ['Esc', 'key_back'],
  ['?', 'key_help'],
] as const;

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  return (
    <Modal open title={t('app.keys_title')} footer={null} onCancel={onClose} width={420}>
      <dl className="facts" style={{ rowGap: 10 }}>
        {KEYS.map(([name, text]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>
              <kbd>{name}</kbd>
            </dt>
            <dd>{t(`app.${text}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
