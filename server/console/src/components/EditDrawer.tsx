// A form in a drawer: keeps what was typed when saving fails, puts field faults at their fields and
// everything else above the buttons.
import { Button, Drawer, Form } from 'antd';
import { type ReactNode, useState } from 'react';
import { processServerError } from '@/api/errors';
import { useText } from '@/i18n';
import { Problem } from './Problem';

interface Props<T extends object> {
  title: ReactNode;
  initial: Partial<T>;
  onSave: (values: T) => Promise<void>;
  onClose: () => void;
  saveLabel?: string;
  isDanger?: boolean;
  width?: number;
  children: ReactNode;
}

export function EditDrawer<T extends object>(props: Props<T>) {
  const { title, initial, onSave, onClose, saveLabel, isDanger = false, width = 460, children } = props;
  const { t, isChinese } = useText();
  const [form] = Form.useForm<T>();
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  const save = async (values: T) => {
    setBusy(true);
    setProblem(null);
    try {
      await onSave(values);
    } catch (thrown) {
      setProblem(thrown);
      const known = Object.keys(form.getFieldsValue(true));
      const faults = processServerError(thrown, isChinese).fields.filter((fault) =>
        known.includes(fault.field),
      );
      form.setFields(
        faults.map((fault) => ({ name: fault.field, errors: [fault.sentence] })) as Parameters<
          typeof form.setFields
        >[0],
      );
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer
      open
      title={title}
      size={width}
      onClose={onClose}
      keyboard
      footer={
        <div className="col">
          {problem !== null && <Problem problem={problem} />}
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button type="primary" danger={isDanger} loading={isBusy} onClick={() => form.submit()}>
              {saveLabel ?? t('common.save')}
            </Button>
          </div>
        </div>
      }
    >
      <Form<T>
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={(values) => void save(values)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.submit();
        }}
      >
        {children}
      </Form>
    </Drawer>
  );
}
