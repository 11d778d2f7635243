// The form field `staff_id`: one person out of those the caller offers.
import { Form, Select } from 'antd';
import { useText } from '@/i18n';

interface Props {
  options: readonly { value: string; label: string }[];
  isLoading: boolean;
}

export function PersonSelect({ options, isLoading }: Props) {
  const { t } = useText();
  return (
    <Form.Item
      name="staff_id"
      label={t('order.to_person')}
      rules={[{ required: true, message: t('order.person_needed') }]}
    >
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        loading={isLoading}
        options={[...options]}
        placeholder={t('order.person_needed')}
      />
    </Form.Item>
  );
}
