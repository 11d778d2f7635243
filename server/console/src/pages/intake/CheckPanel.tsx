// The first step of intake: is this a customer of ours? Shows the masked customer, arrears, open orders,
// or the refusal with its code.
import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import type { IntakeCheck } from '@/api/contract';
import { checkCustomer } from '@/api/intake';
import { OrderLines } from '@/components/OrderLines';
import { Facts, Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';
import { CustomerClass } from '@/i18n/words.gen';
import { money } from '@/util/format';
import { keyOf } from './IntakePage';

interface Props {
  value: string;
  check: IntakeCheck | null;
  isWithout: boolean;
  onValue: (text: string) => void;
  onCheck: (answer: IntakeCheck | null) => void;
  onWithout: () => void;
}

export function CheckPanel({ value, check, isWithout, onValue, onCheck, onWithout }: Props) {
  const { t } = useText();
  const ask = useMutation({ mutationFn: (text: string) => checkCustomer(keyOf(text)), onSuccess: onCheck });
  const send = () => {
    if (value.trim() !== '') ask.mutate(value.trim());
  };
  return (
    <Panel title={t('intake.step_check')}>
      <div className="col" style={{ gap: 12 }}>
        <div className="col" style={{ gap: 4 }}>
          <span>{t('intake.key')}</span>
          <span className="row">
            <Input
              autoFocus
              aria-label={t('intake.key')}
              value={value}
              maxLength={300}
              autoComplete="off"
              onChange={(event) => {
                onValue(event.target.value);
                onCheck(null);
              }}
              onPressEnter={send}
            />
            <Button type="primary" loading={ask.isPending} onClick={send}>
              {t('intake.check')}
            </Button>
          </span>
        </div>
        <p className="faint">{t('intake.key_note')}</p>
        {ask.error !== null && <Problem problem={ask.error} />}
        {check !== null && <Answer check={check} />}
        <Button
          type="link"
          style={{ alignSelf: 'start', padding: 0 }}
          disabled={isWithout}
          onClick={onWithout}
        >
          {t('intake.without')}
        </Button>
      </div>
    </Panel>
  );
}

function Answer({ check }: { check: IntakeCheck }) {
  const { t, word, isChinese } = useText();
  const { customer } = check;
  if (customer === null) {
    return (
      <div className="refusal" role="alert">
        <div className="refusal-title">{t('intake.refused')}</div>
        <div className="problem-code">{check.code}</div>
        <div>{isChinese ? check.message : check.message_en}</div>
        <div className="faint">{t('intake.refused_note')}</div>
      </div>
    );
  }
  return (
    <>
      <div className="state state-done" role="status">
        {t('intake.customer_ok')}
      </div>
      <Facts
        items={[
          [t('customers.account_number'), <span className="mono">{customer.account_number}</span>],
          [t('customers.account_name'), customer.account_name],
          [t('customers.address'), customer.supply_address],
          [t('customers.area'), customer.area_name],
          [t('customers.class'), word(CustomerClass, customer.customer_class)],
          [
            t('customers.arrears'),
            <span className={customer.arrears_fen > 0 ? 'tone-soon' : ''}>
              {money(customer.arrears_fen)}
            </span>,
          ],
        ]}
      />
      {check.is_stopped_for_arrears && (
        <div className="problem" role="alert">
          {t('intake.arrears_stop')}
        </div>
      )}
      {check.open_orders.length > 0 && (
        <div>
          <p className="tone-soon">{t('intake.open_orders', { count: check.open_orders.length })}</p>
          <OrderLines orders={check.open_orders} />
        </div>
      )}
    </>
  );
}
